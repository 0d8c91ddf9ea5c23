import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { nearest } from "../../kernel/index.ts";
import { findProgram } from "../program-path.ts";
import type { Check, Conflict } from "./check.ts";

/** What a command needs is there: its folder, its program, and for Node its script. */
export const checkPrograms: Check = ({ config, environment }) => {
  const services = Object.values(config.services).flatMap((service) => {
    if (service.kind !== "command") return [];
    const at = `services.${service.name}`;
    if (!isDirectory(service.cwd)) return [missingFolder(`${at}.cwd`, service.cwd, config.root)];
    return checkProgram(`${at}.command`, service.command, service.cwd, { ...environment, ...service.env });
  });
  const setup = config.setup === undefined ? [] : checkProgram("setup", config.setup, config.root, environment);
  return [...services, ...setup];
};

function checkProgram(
  path: string,
  [program = "", script]: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Conflict[] {
  const concerns = [path.replace(/command$/, "cwd"), path.replace(/command$/, "env")];
  if (program !== "node" && findProgram(program, cwd, environment) === undefined) {
    const where = program.includes("/")
      ? `there is no program ${resolve(cwd, program)}`
      : `no program "${program}" in node_modules/.bin or on the PATH`;
    return [{ path, found: where, expected: "a program that is installed", hint: installHint(program), concerns }];
  }
  if (program !== "node" || script === undefined || !/^[^-].*\.[mc]?[jt]s$/.test(script)) return [];
  const file = resolve(cwd, script);
  if (existsSync(file)) return [];
  return [
    {
      path,
      found: `there is no file ${relative(cwd, file)} in ${cwd}`,
      expected: "a script that exists",
      ...scriptHint(file, script),
      concerns,
    },
  ];
}

function installHint(program: string): string {
  return program.includes("/")
    ? "check the path: it is relative to the service's cwd"
    : `install it, or give its whole path`;
}

function scriptHint(file: string, script: string): { hint?: string } {
  const folder = dirname(file);
  const near = isDirectory(folder) ? nearest(basename(file), readdirSync(folder)) : undefined;
  if (near !== undefined) return { hint: `did you mean ${join(dirname(script), near)}?` };
  return /^(\.\/)?(dist|build|out)\//.test(script) ? { hint: "build it first, as with `npm run build`" } : {};
}

function missingFolder(path: string, cwd: string, root: string): Conflict {
  const parent = dirname(cwd);
  const near = isDirectory(parent) ? nearest(basename(cwd), readdirSync(parent)) : undefined;
  return {
    path,
    found: `there is no folder ${cwd}`,
    expected: "a folder, relative to the config",
    ...(near === undefined ? {} : { hint: `did you mean "${relative(root, join(parent, near))}"?` }),
  };
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
