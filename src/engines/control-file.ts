/**
 * `global/pg_control`, the few fields that matter here. Little endian as on every supported platform; the layout up to
 * here has not changed since Postgres 9 (src/include/catalog/pg_control.h, `ControlFileData`).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface ControlFile {
  /** The same on a primary and all its copies. */
  readonly systemId: string;
  /** A primary that was shut down cleanly. */
  readonly isShutDown: boolean;
  /** Where the last checkpoint record begins in the WAL. */
  readonly checkpoint: bigint;
}

/** DB_SHUTDOWNED in `DBState`. */
const shutDown = 1;

export function parseControlFile(bytes: Buffer): ControlFile | undefined {
  if (bytes.length < 40 || bytes.readBigUInt64LE(0) === 0n) return undefined;
  return {
    systemId: bytes.readBigUInt64LE(0).toString(),
    isShutDown: bytes.readUInt32LE(16) === shutDown,
    checkpoint: bytes.readBigUInt64LE(32),
  };
}

export async function readControlFile(dataDirectory: string): Promise<ControlFile | undefined> {
  try {
    return parseControlFile(await readFile(join(dataDirectory, "global", "pg_control")));
  } catch {
    return undefined;
  }
}

/** `"16/B374D848"` → the position as a number. */
export function parseLsn(text: string): bigint {
  const [high, low] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}
