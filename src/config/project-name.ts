import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The name in package.json without its scope, else the folder's, in letters that a name may have. */
export function projectName(root: string): string {
  return toName(packageName(root) ?? "") || toName(basename(root)) || "app";
}

function toName(text: string): string {
  return text
    .replace(/^@[^/]*\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}

function packageName(root: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A project's name as a database's: without quotes in SQL. */
export function databaseName(project: string): string {
  const name = project.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return /^\d/.test(name) ? `db_${name}`.slice(0, 63) : name;
}
