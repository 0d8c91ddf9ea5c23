import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { StartSubject } from "./subject.ts";

/** What a relay does to the bytes that pass it; each direction of each connection piece by piece. */
export interface Alteration {
  /** Between the client and the gateway. */
  readonly fromClient?: (bytes: string) => string;
  readonly toClient?: (bytes: string) => string;
  /** Between the gateway and the origin. */
  readonly toOrigin?: (bytes: string) => string;
  readonly fromOrigin?: (bytes: string) => string;
}

const unaltered = (bytes: string): string => bytes;

/** A gateway with a defect: a good one between two relays that alter what passes. */
export function defective(start: StartSubject, alteration: Alteration): StartSubject {
  return async ({ port, socketPath }) => {
    const { fromClient = unaltered, toClient = unaltered, toOrigin = unaltered, fromOrigin = unaltered } = alteration;
    const behind = await relay(
      () =>
        connect({
          ...(socketPath === undefined ? { port, host: "127.0.0.1" } : { path: socketPath }),
          allowHalfOpen: true,
        }),
      toOrigin,
      fromOrigin,
    );
    const gateway = await start({ port: behind.port });
    const before = await relay(
      () => connect({ port: gateway.port, host: "127.0.0.1", allowHalfOpen: true }),
      fromClient,
      toClient,
    );
    return {
      port: before.port,
      connections: () => before.connections() + gateway.connections(),
      async [Symbol.asyncDispose]() {
        for (const each of [before, gateway, behind]) await each[Symbol.asyncDispose]();
      },
    };
  };
}

interface Relay extends AsyncDisposable {
  readonly port: number;
  readonly connections: () => number;
}

async function relay(
  open: () => Socket,
  there: (bytes: string) => string,
  back: (bytes: string) => string,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const other = open().setNoDelay(true);
    join(socket, other, there);
    join(other, socket, back);
  });
  const join = (from: Socket, to: Socket, alter: (bytes: string) => string): void => {
    sockets.add(from);
    from.on("data", (bytes) => to.write(alter(bytes.toString("latin1")), "latin1"));
    from.on("end", () => to.end());
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      to.destroySoon();
    });
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
