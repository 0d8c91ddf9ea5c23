import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { clientRequests } from "./wire/grammar.ts";
import { MessageReader } from "./wire/message-reader.ts";

/** What an origin does with its connection when the head of the hostile request has come. */
export type Script = (socket: Socket) => void;

export interface ScriptedOrigin extends AsyncDisposable {
  readonly port: number;
  /** Connections on which the script was played, with the requests that came on them. */
  readonly played: readonly { readonly socket: Socket; readonly requests: number }[];
  /** Open connections. */
  readonly open: () => number;
}

export const fineAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

/** Well until it is asked for `/hostile`, which is when it plays the script; any other request it answers with `fine`. */
export async function startScriptedOrigin(script: Script): Promise<ScriptedOrigin> {
  const sockets = new Set<Socket>();
  const played: { readonly socket: Socket; requests: number }[] = [];
  const server = createServer((socket) => {
    const reader = new MessageReader(clientRequests);
    let seen = 0;
    let own: { readonly socket: Socket; requests: number } | undefined;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      const { messages } = reader.push(bytes.toString("latin1"));
      for (; seen < messages.length; seen++) {
        if (own !== undefined) own.requests++;
        if (messages[seen]!.start[1] !== "/hostile") socket.write(fineAnswer);
        else {
          own = { socket, requests: 1 };
          played.push(own);
          script(socket);
        }
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    played,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
