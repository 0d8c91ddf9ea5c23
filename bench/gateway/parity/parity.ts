/**
 * That all contenders do the same work, shown before it is timed: the same bytes reach the origin, and come back, with the same fields added,
 * whoever is in between; and each closes a connection when the client asks for that.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { host } from "../../support/site.ts";
import { twentyHeaders } from "../request-headers.ts";
import { pairs, type Recorder, recordedAnswer } from "./recorder.ts";

interface Case {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const oneKilobyte = JSON.stringify({ text: "x".repeat(1_000) });
const json = { "Content-Type": "application/json", "Content-Length": String(oneKilobyte.length) };
const cases: readonly Case[] = [
  { name: "GET", method: "GET", url: "/small?y=z", headers: { "X-Custom": "kept" }, body: "" },
  { name: "POST 1 KB", method: "POST", url: "/small", headers: json, body: oneKilobyte },
  { name: "20 headers", method: "GET", url: "/small", headers: twentyHeaders, body: "" },
  { name: "chunked answer", method: "GET", url: "/chunked", headers: {}, body: "" },
  { name: "large answer", method: "GET", url: "/large", headers: {}, body: "" },
];

/** Of one hop (RFC 9110 §7.6.1), or a server's own about itself. */
const ownOfEach = new Set(["connection", "keep-alive", "date", "server"]);
const endToEnd = (fields: readonly (readonly [string, string])[]) => fields.filter(([name]) => !ownOfEach.has(name));

/** Each proxy's own in these: its name, an id of its making. */
function anyName(fields: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return fields.map(([name, value]) => {
    if (name === "via") return [name, value.replace(/^1\.1 [\w-]+$/, "1.1 ‹name›")];
    if (name === "x-request-id") return [name, value.replace(/^[\w-]{16,}$/, "‹id›")];
    return [name, value];
  });
}

const answerAdded = { Via: "1.1 ‹name›", "X-Request-Id": "‹id›" };
const requestAdded = {
  Host: host,
  "X-Forwarded-For": "127.0.0.1",
  "X-Forwarded-Proto": "http",
  "X-Forwarded-Host": host,
  Forwarded: `for=127.0.0.1;host=${host};proto=http`,
  ...answerAdded,
};

/** @throws when the proxy on this port does not pass on what it is given, or does not add what all add */
export async function assertParity(name: string, port: number, recorder: Recorder): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const each of cases) await assertCase(each, { name, port, recorder, agent });
    await assertCloses(name, port);
  } finally {
    agent.destroy();
  }
}

interface Way {
  readonly name: string;
  readonly port: number;
  readonly recorder: Recorder;
  readonly agent: Agent;
}

async function assertCase({ name: what, method, url, headers, body }: Case, way: Way): Promise<void> {
  const sent = httpRequest({ host: "127.0.0.1", port: way.port, agent: way.agent, method, path: url });
  for (const [name, value] of Object.entries({ Host: host, ...headers })) sent.setHeader(name, value);
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer.setEncoding("latin1")) text += chunk as string;

  const message = `${way.name}: ${what}`;
  const seen = way.recorder.take();
  const fields = pairs(flat({ ...headers, ...requestAdded }));
  const came = seen === undefined ? undefined : { ...seen, fields: anyName(endToEnd(seen.fields)) };
  assert.deepEqual(came, { method, url, fields, body }, `${message}, to the origin`);

  const wanted = recordedAnswer(url);
  const framing = url === "/chunked" ? { "Transfer-Encoding": "chunked" } : { "Content-Length": String(wanted.length) };
  const back = pairs(flat({ "Content-Type": "application/json", "X-Custom": "kept", ...framing, ...answerAdded }));
  assert.equal(answer.statusCode, 200, message);
  assert.deepEqual(anyName(endToEnd(pairs(answer.rawHeaders))), back, `${message}, to the client`);
  assert.ok(text === wanted, `${message}: the body came back changed`);
}

function flat(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).flat();
}

async function assertCloses(name: string, port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(3_000, () =>
    socket.destroy(new Error(`${name} does not close the connection that the client ends`)),
  );
  socket.write(`GET /small HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket.setEncoding("latin1")) text += chunk as string;
  assert.match(text, /^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*recorded/i, name);
}
