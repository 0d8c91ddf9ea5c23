/** Keeps the preload from the processes that the app starts: takes the option that loads it out of what they would inherit. */

const options = ["--import", "--require", "-r"];

/** Removes `--import=<self>`, `--require <self>` and their like from `execArgv`, in place. */
export function withoutPreload(execArgv: string[], self: readonly string[]): void {
  for (let at = execArgv.length - 1; at >= 0; at--) {
    const argument = execArgv[at]!;
    if (self.some((name) => options.some((option) => argument === `${option}=${name}`))) execArgv.splice(at, 1);
    else if (self.includes(argument) && at > 0 && options.includes(execArgv[at - 1]!)) execArgv.splice(at - 1, 2);
  }
}

/** `NODE_OPTIONS` without the option that loads the preload; what others have put there stays. */
export function optionsWithout(nodeOptions: string, self: readonly string[]): string {
  let rest = ` ${nodeOptions} `;
  for (const name of self.flatMap((plain) => [plain, `"${plain.replaceAll(/["\\]/g, "\\$&")}"`])) {
    for (const option of options) {
      for (const separator of ["=", " "]) rest = rest.replace(` ${option}${separator}${name} `, () => " ");
    }
  }
  return rest.trim();
}
