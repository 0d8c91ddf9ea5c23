/**
 * What connections to upstreams read into. Each has a buffer of its own while it is open, since an answer leaves from where it was read;
 * a head that grows as it is rewritten has room before it.
 */
export const headRoom = 1_024;
const bufferBytes = headRoom + 64 * 1_024;
const keptBuffers = 64;

const free: Buffer[] = [];

export function takeBuffer(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
}

/** Nobody else may still read from it. */
export function giveBuffer(buffer: Buffer): void {
  if (free.length < keptBuffers) free.push(buffer);
}
