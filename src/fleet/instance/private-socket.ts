import { chmodSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import * as net from "node:net";

/**
 * A second way into an HTTP server, over a unix socket, that the app cannot tell from the first.
 *
 * The socket is opened below `net.Server`, as a handle, so that no channel, event or count tells of it. What it accepts is passed to the
 * function by which the server takes a TCP connection: `maxConnections`, `connection`, the count that `close` waits for and all else
 * happen there, by Node's own code. A pipe does not know addresses, so it is given those that a loopback connection would have; Node asks
 * the handle for them, hence `remoteAddress`, `address()` and a framework's `req.ip` need nothing more.
 *
 * It lives as long as the server's handle: `close` of that one, by whatever way, ends this one in the same turn. It never keeps the
 * process alive: the server does or, if it was `unref`ed, does not.
 *
 * These are insides of Node (the same in 22, 24 and 26), so each is looked at before it is used. Where one is missing, nothing is
 * opened, and the gateway comes in by `PORT`.
 */

interface Handle {
  onconnection?: (this: Handle, error: number, client?: ClientHandle) => void;
  listen(backlog: number): number;
  close(callback?: () => void): void;
  unref(): void;
}

type AddressOf = (out: Partial<net.AddressInfo>) => number;

interface ClientHandle {
  getpeername?: AddressOf;
  getsockname?: AddressOf;
  readonly [owner: symbol]: net.Socket | undefined;
}

/** As of libuv: enough for a server whose event loop is busy. */
const backlog = 511;
/** `sun_path` of the BSDs and macOS, without the ending zero; Node would cut a longer one silently. */
const maxPathBytes = 103;
/** What Linux gives to outgoing connections. */
const ephemeralPorts = { from: 32_768, to: 60_999 };

/** @returns whether it is open; `onClosed` is called once, when the server no longer accepts connections */
export function openPrivateSocket(server: Server, path: string, onClosed: () => void): boolean {
  const address = server.address();
  const { _handle: tcp } = server as unknown as { readonly _handle?: Handle | null };
  if (address === null || typeof address === "string" || typeof tcp?.onconnection !== "function") return false;
  const pipe = bind(path);
  if (pipe === undefined) return false;

  const owner = Object.getOwnPropertySymbols(tcp).find(({ description }) => description === "owner_symbol");
  const disguise = disguiseAs(address);
  pipe.onconnection = (error, client) => {
    if (client !== undefined) disguise(client);
    tcp.onconnection!(error, client);
    const socket = owner === undefined ? undefined : client?.[owner];
    if (socket !== undefined) socket.resetAndDestroy = destroy;
  };
  tcp.close = function close(callback) {
    delete (tcp as Partial<Handle>).close; // What the prototype has is there again.
    pipe.close();
    onClosed();
    tcp.close(callback);
  };
  pipe.unref();
  return true;
}

/** Only this user may connect, from the first moment: before `listen` nobody can. */
function bind(path: string): Handle | undefined {
  const { _createServerHandle: create } = net as unknown as {
    readonly _createServerHandle?: (path: string, port: -1, type: -1) => Handle | number;
  };
  if (typeof create !== "function" || Buffer.byteLength(path) > maxPathBytes) return undefined;
  rmSync(path, { force: true }); // Of a process that had our pid and was killed.
  const pipe = create(path, -1, -1);
  if (typeof pipe === "number") return undefined;
  try {
    chmodSync(path, 0o600);
    if (pipe.listen(backlog) === 0) return pipe;
  } catch {
    // As if it could not be bound.
  }
  pipe.close();
  return undefined;
}

/** The addresses that a connection from this machine to `address` has: on a server for both families, IPv4 looks as IPv6. */
function disguiseAs({ address, family, port }: net.AddressInfo): (client: ClientHandle) => void {
  const loopback = { "::": "::ffff:127.0.0.1", "0.0.0.0": "127.0.0.1" }[address] ?? address;
  const local = { address: loopback, family, port };
  const getsockname: AddressOf = (out) => fill(out, local);
  let lastPort = ephemeralPorts.from - 1;
  return (client) => {
    lastPort = lastPort < ephemeralPorts.to ? lastPort + 1 : ephemeralPorts.from;
    const remote = { address: loopback, family, port: lastPort };
    client.getsockname = getsockname;
    client.getpeername = (out) => fill(out, remote);
  };
}

function fill(out: Partial<net.AddressInfo>, address: net.AddressInfo): number {
  Object.assign(out, address);
  return 0;
}

/** A pipe has no RST, and Node throws when asked for one. */
function destroy(this: net.Socket): net.Socket {
  return this.destroy();
}
