import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { codeOf, messageOf } from "../kernel/index.ts";
import { stateUnreadable } from "./errors.ts";

/** Of the roles in `prepare-database.ts`. Letters, digits, `-` and `_` only: they need no escape anywhere. */
export interface Credentials {
  readonly admin: string;
  readonly replication: string;
  readonly app: string;
}

export function generateCredentials(): Credentials {
  return { admin: password(), replication: password(), app: password() };
}

export async function readCredentials(path: string): Promise<Credentials | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const found = JSON.parse(text) as Partial<Credentials>;
    for (const name of ["admin", "replication", "app"] as const) {
      if (typeof found[name] !== "string") throw new Error(`"${name}" is missing`);
    }
    return found as Credentials;
  } catch (error) {
    throw stateUnreadable(path, messageOf(error));
  }
}

const password = (): string => randomBytes(24).toString("base64url");
