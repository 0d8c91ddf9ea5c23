/** The origin that caches are to keep from being asked: it runs in the process that measures, and counts. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { jsonOf } from "../support/json-of.ts";

export const paths = {
  small: "/small",
  kilobytes10: "/10k",
  kilobytes100: "/100k",
  compressed: "/compressed",
} as const;
export const etag = '"v1"';

/** One of many answers; how long it is stands in its name. */
export const sizedPath = (bytes: number, name: string | number): string => `/sized/${bytes}/${name}`;
/** One that takes its time. */
export const slowPath = (delayMs: number, freshSeconds: number, name: string): string =>
  `/slow/${delayMs}/${freshSeconds}/${name}`;
/** One that says how often `publish` was called. */
export const versionPath = (name: string): string => `/version/${name}`;

export interface Origin extends AsyncDisposable {
  readonly port: number;
  /** How often it was asked for the path, or for anything. */
  asked(path?: string): number;
  /** When it last answered, as `performance.now()` has it. */
  answeredAt(path: string): number | undefined;
  publish(): void;
  /** What it says now at `versionPath`. */
  version(): string;
}

interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
  readonly delayMs?: number;
}

const smallJson = Buffer.from(JSON.stringify({ id: 1, name: "a product with a name", price: 42, stock: 7, ok: true }));
const filler = bytesOf(2 ** 20);
const longLived = { "Content-Type": "application/json", "Cache-Control": "public, max-age=86400", ETag: etag };

const fixed: Readonly<Record<string, Buffer>> = {
  [paths.small]: smallJson,
  [paths.kilobytes10]: bytesOf(10_000),
  [paths.kilobytes100]: bytesOf(100_000),
};
const plainText = bytesOf(10_000);
const compressedText = gzipSync(plainText);

/** What the origin says; `version`: how often it has published. */
function answerTo(path: string, headers: IncomingHttpHeaders, version: number): Answer {
  const [, kind, ...rest] = path.split("/") as [string, string, ...string[]];
  const ok = (body: Buffer, fields: Answer["fields"] = {}): Answer => ({
    status: 200,
    fields: { ...longLived, "Accept-Ranges": "bytes", "Content-Length": body.length, ...fields },
    body,
  });
  if (fixed[path] !== undefined) return ok(fixed[path]);
  switch (kind) {
    case "compressed": {
      const isAccepted = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
      const vary = { Vary: "Accept-Encoding" };
      return isAccepted ? ok(compressedText, { ...vary, "Content-Encoding": "gzip" }) : ok(plainText, vary);
    }
    case "sized":
      return ok(filler.subarray(0, Number(rest[0])));
    case "version":
      return ok(Buffer.from(String(version)), { ETag: `"${version}"`, "Cache-Tag": "version" });
    case "slow": {
      const [delayMs, freshSeconds] = rest.map(Number) as [number, number];
      const fields = { "Cache-Control": `public, max-age=${freshSeconds}`, ETag: etag };
      const isSame = headers["if-none-match"] === etag;
      return isSame ? { status: 304, fields, body: Buffer.alloc(0), delayMs } : { ...ok(smallJson, fields), delayMs };
    }
    default:
      return { status: 404, fields: { "Content-Length": 0 }, body: Buffer.alloc(0) };
  }
}

export async function startOrigin(): Promise<Origin> {
  const counts = new Map<string, number>();
  const answered = new Map<string, number>();
  let total = 0;
  let version = 0;
  const server = createServer({ keepAliveTimeout: 600_000 }, (req, res) => {
    const path = req.url!;
    total++;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const answer = async (): Promise<void> => {
      const { status, fields, body, delayMs } = answerTo(path, req.headers, version);
      req.resume();
      if (delayMs !== undefined) await after(delayMs);
      answered.set(path, performance.now());
      res.writeHead(status, fields).end(req.method === "HEAD" ? undefined : body);
    };
    void answer();
  }).listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked: (path) => (path === undefined ? total : (counts.get(path) ?? 0)),
    answeredAt: (path) => answered.get(path),
    publish: () => void version++,
    version: () => String(version),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function bytesOf(length: number): Buffer {
  return Buffer.from(jsonOf(length));
}
