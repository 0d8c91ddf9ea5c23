import type { Server } from "node:net";

/** Node's listening handle: what calls when a connection was accepted. */
interface ListeningHandle {
  onconnection?: (this: ListeningHandle, error: number, client?: unknown) => void;
}

/**
 * Takes over what a listening server accepts, before Node makes a socket of it: a socket can be told only when it is made to read into
 * a buffer that is already there.
 *
 * The handle is an inside of Node (the same in 22, 24 and 26), so it is looked at before it is used. Where it is missing, the server
 * accepts by itself.
 *
 * @param accept takes a connection; `false`: it is left to the server
 */
export function interceptAccept(server: Server, accept: (client: unknown) => boolean): void {
  const { _handle: handle } = server as unknown as { readonly _handle?: ListeningHandle | null };
  const original = handle?.onconnection;
  if (typeof original !== "function") return;
  handle!.onconnection = function onConnection(error, client) {
    if (error !== 0 || client === undefined || !accept(client)) original.call(this, error, client);
  };
}
