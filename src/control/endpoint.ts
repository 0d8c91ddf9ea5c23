import { readFileSync, rmSync } from "node:fs";
import { writeFileAtomic } from "../kernel/index.ts";

/** Where a running platform's control API answers, kept in a file that only its user can read: the CLI finds it there. */
export interface Endpoint {
  readonly url: string;
  readonly token?: string;
  readonly pid: number;
}

export async function writeEndpoint(file: string, endpoint: Endpoint): Promise<void> {
  await writeFileAtomic(file, JSON.stringify(endpoint), 0o600);
}

/** `undefined` when there is none, or what is there is not whole. */
export function readEndpoint(file: string): Endpoint | undefined {
  try {
    const endpoint = JSON.parse(readFileSync(file, "utf8")) as Endpoint | null;
    return typeof endpoint?.url === "string" && URL.canParse(endpoint.url) ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

export function removeEndpoint(file: string): void {
  rmSync(file, { force: true });
}
