import { dirname, extname, join } from "node:path";

/**
 * The file of a program that lies beside a module: `.ts` when the sources run unbuilt, `.js` when built.
 *
 * @param moduleFile the caller's `import.meta.filename`
 */
export function programBeside(moduleFile: string, name: string): string {
  return join(dirname(moduleFile), `${name}${extname(moduleFile)}`);
}
