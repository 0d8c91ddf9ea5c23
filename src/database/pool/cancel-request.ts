import { connect } from "node:net";

export interface Backend {
  readonly host: string;
  readonly port: number;
  readonly processId: number;
  readonly secretKey: number;
}

const cancelCode = 80_877_102;
const giveUpMs = 1_000;

/**
 * Asks a server to cancel what a backend does (the manual, "Canceling Requests in Progress"): sixteen bytes on a connection of their own, which the server
 * closes when it has passed it on. Whether anything was cancelled it does not say. Unencrypted, as libpq's older function does it: it holds no secret but the key.
 *
 * Resolves when the connection is closed, or after a second.
 */
export function requestCancel({ host, port, processId, secretKey }: Backend): Promise<void> {
  const request = Buffer.alloc(16);
  request.writeInt32BE(request.length, 0);
  request.writeInt32BE(cancelCode, 4);
  request.writeInt32BE(processId, 8);
  request.writeInt32BE(secretKey, 12);
  return new Promise((resolve) => {
    const socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.setTimeout(giveUpMs, () => socket.destroy());
    socket.on("connect", () => socket.write(request));
    socket.on("data", () => undefined);
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
  });
}
