import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

const maxFiles = 60;
const maxBytes = 64 * 1024;

export interface SourceFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** The beginning of a file; `undefined` when there is none. */
export async function readText(directory: string, path: string): Promise<string | undefined> {
  try {
    await using file = await open(join(directory, path));
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(maxBytes) });
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return undefined;
  }
}

export async function exists(directory: string, path: string): Promise<boolean> {
  return (await readText(directory, path)) !== undefined;
}

/** Sources that lie where servers usually do: at the top, and in src, app, server and lib two folders deep. A look, not a search: bounded in files and bytes. */
export async function readSources(directory: string): Promise<SourceFile[]> {
  const paths = await listSources(directory, "", 0);
  for (const folder of ["src", "app", "server", "lib"]) paths.push(...(await listSources(directory, folder, 2)));
  const files: SourceFile[] = [];
  for (const path of paths.slice(0, maxFiles)) {
    const text = await readText(directory, path);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}

async function listSources(directory: string, folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile() && /\.[mc]?[jt]s$/.test(entry.name) && !/\.(test|spec|config|d)\./.test(entry.name))
      found.push(path);
    if (entry.isDirectory() && depth > 0 && !/^(node_modules|dist|build|tests?|__tests__|\..*)$/.test(entry.name)) {
      found.push(...(await listSources(directory, path, depth - 1)));
    }
  }
  return found;
}
