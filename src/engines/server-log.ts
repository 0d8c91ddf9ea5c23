/**
 * A server writes its log straight to a file, so that nothing breaks when the platform is gone. The file is bounded: it is rotated
 * before a start, and cut while the server runs (it appends, so it goes on at the new end).
 */
import { copyFile, open, rename, stat, truncate } from "node:fs/promises";

const maxBytes = 16 * 1_048_576;
const tailBytes = 8_192;
const tailLines = 20;

export async function rotateLog(path: string): Promise<void> {
  if ((await sizeOf(path)) > maxBytes / 2) await rename(path, `${path}.1`);
}

export async function boundLog(path: string): Promise<void> {
  if ((await sizeOf(path)) <= maxBytes) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}

/** The last lines; from a position on, when one is given. */
export async function tailLog(path: string, from = 0): Promise<string> {
  const size = await sizeOf(path);
  const start = Math.max(from, size - tailBytes);
  if (size <= start) return "(nothing)";
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").slice(-tailLines).join("\n");
  } finally {
    await file.close();
  }
}

export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
