import type { Duplex } from "node:stream";

/** How long the rest of a refused body is read and thrown away. */
export const lingerMs = 1_000;

/**
 * Ends a connection on which the client may still be sending. Closed at once, with bytes unread, it would be reset, and the
 * answer lost on its way: so only our half is closed, and what comes is thrown away until the client closes its own, or for a
 * moment (RFC 9112 §9.6).
 */
export function endLingering(socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  socket.end();
  socket.removeAllListeners("data");
  socket.on("data", () => undefined);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once("end", () => socket.destroy()).once("close", () => clearTimeout(timer));
}
