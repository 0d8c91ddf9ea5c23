/**
 * That all caches do the same work, shown before it is timed: what they have stored they give to the byte, whole, in part, or not at all to whoever
 * has it already; with the fields that the origin gave it; and without asking the origin again. How often it is asked at first is a row of its own.
 */
import assert from "node:assert/strict";
import { type Answer, type Asked, Client } from "./client.ts";
import { etag, type Origin, paths } from "./origin.ts";

interface Case extends Asked {
  readonly path: string;
  /** Of the stored answer's fields, those that it has to have. */
  readonly kept: readonly string[];
  readonly status?: number;
  readonly body?: (whole: Buffer) => Buffer;
}

const whole = ["content-type", "content-length", "cache-control", "etag"];
const none = (): Buffer => Buffer.alloc(0);
const cases: readonly Case[] = [
  { path: paths.small, kept: whole },
  { path: paths.kilobytes10, kept: whole },
  { path: paths.kilobytes100, kept: whole },
  { path: paths.compressed, headers: { "Accept-Encoding": "gzip" }, kept: [...whole, "content-encoding", "vary"] },
  { path: paths.small, method: "HEAD", kept: whole, body: none },
  { path: paths.small, headers: { "If-None-Match": etag }, kept: ["cache-control", "etag"], status: 304, body: none },
  {
    path: paths.kilobytes100,
    headers: { Range: "bytes=50000-51023" },
    kept: ["content-type", "etag"],
    status: 206,
    body: (answer) => answer.subarray(50_000, 51_024),
  },
];

/** Several, so that each of the processes that share a port is asked. */
const askers = 16;

/** @throws when what is on this port does not answer as a cache that has everything */
export async function assertParity(name: string, port: number, origin: Origin): Promise<void> {
  await using direct = new Client(origin.port);
  await using client = new Client(port, askers);
  for (const { path, kept, status = 200, body = (answer: Buffer) => answer, ...asked } of cases) {
    const what = `${name}: ${asked.method ?? "GET"} ${path} ${JSON.stringify(asked.headers ?? {})}`;
    const encoding = asked.headers?.["Accept-Encoding"];
    const plain = encoding === undefined ? {} : { headers: { "Accept-Encoding": encoding } };
    const wanted = await direct.ask(path, plain);
    await client.askAtOnce(askers, path, plain);
    await client.askAtOnce(askers, path, plain);
    const stored = origin.asked(path);
    const answers = await client.askAtOnce(askers, path, asked);
    assert.equal(origin.asked(path), stored, `${what}: the origin was asked although the answer was stored`);
    for (const answer of answers) {
      assert.equal(answer.status, status, what);
      assert.ok(answer.body.equals(body(wanted.body)), `${what}: the body is another`);
      assert.deepEqual(only(kept, answer), only(kept, wanted), what);
    }
  }
}

function only(names: readonly string[], { fields }: Answer): unknown {
  return names.map((name) => [name, fields[name]]);
}
