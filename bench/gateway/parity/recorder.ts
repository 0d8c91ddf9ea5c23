import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Upstream } from "../bench-site.ts";

/** What came to the origin. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  /** Name in lower case, value; in the order of the names. */
  readonly fields: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface Recorder extends Upstream, AsyncDisposable {
  /** The last request, once. */
  take(): Seen | undefined;
}

/** The answer's body; `/chunked` sends it in pieces and without a length. */
export const recordedAnswer = (url: string): string => (url.startsWith("/large") ? "y".repeat(100_000) : "recorded");

/** An origin that remembers exactly what it was sent. */
export async function startRecorder(socketPath: string): Promise<Recorder> {
  let seen: Seen | undefined;
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of req.setEncoding("latin1")) body += chunk as string;
    const url = req.url!;
    if (url !== "/") seen = { method: req.method!, url, fields: pairs(req.rawHeaders), body };
    const text = recordedAnswer(url);
    res.setHeader("Content-Type", "application/json").setHeader("X-Custom", "kept");
    if (url.startsWith("/chunked")) for (const char of text) res.write(char);
    else res.setHeader("Content-Length", text.length).write(text);
    res.end();
  };
  const create = () => createServer((req, res) => void answer(req, res));
  const servers = [create().listen(0, "127.0.0.1"), create().listen(socketPath)];
  await Promise.all(servers.map((server) => once(server, "listening")));
  return {
    port: (servers[0]!.address() as AddressInfo).port,
    socketPath,
    take() {
      const taken = seen;
      seen = undefined;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** The fields of a message, which may be compared: names in one spelling, in one order. */
export function pairs(rawHeaders: readonly string[]): [string, string][] {
  const fields: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) fields.push([rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!]);
  return fields.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
