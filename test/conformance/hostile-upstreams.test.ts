import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import { eventually, RawClient, snapshotOf, upstream } from "../support/gateway-fixtures.ts";
import { fineAnswer, type Script, startScriptedOrigin } from "../support/scripted-origin.ts";
import { answers } from "../support/wire/grammar.ts";
import { MessageReader } from "../support/wire/message-reader.ts";

/**
 * Upstreams that are hostile or broken, through both paths. The client is told so with 502, or, when an answer has begun, by the end
 * of the connection; it never takes a wrong body for a whole one. The upstream's connection ends, and no other request ever sees
 * anything of it.
 */
type Outcome =
  /** Answered by the gateway. */
  | "502"
  /** Begun, never finished; or 502, if what was wrong came along with the beginning. */
  | "broken off"
  /** The upstream's own answer, as far as it was well. */
  | "answered";

interface Hostile {
  readonly name: string;
  readonly script: Script;
  readonly outcome: Outcome;
  readonly request?: string;
  /** Of what is answered. */
  readonly body?: string;
  /** Odd, but no reason to end the connection. */
  readonly isWell?: boolean;
  readonly todo?: { readonly full?: string; readonly fast?: string };
}

const head = "HTTP/1.1 200 OK\r\n";
const chunkedHead = `${head}Transfer-Encoding: chunked\r\n\r\n`;
const host = "Host: a.test\r\n";
/** Not repeated by itself, so that what it leads to is seen. */
const post = `POST /hostile HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\nok`;
const get = `GET /hostile HTTP/1.1\r\n${host}\r\n`;

const says =
  (text: string): Script =>
  (socket) =>
    socket.write(text, "latin1");
const saysAndEnds =
  (text: string): Script =>
  (socket) =>
    socket.end(text, "latin1");
/** On, for as long as somebody takes it. */
const saysWithoutEnd =
  (beginning: string, more: string): Script =>
  (socket) => {
    socket.write(beginning, "latin1");
    const goOn = (): void => {
      while (!socket.destroyed && socket.write(more, "latin1"));
    };
    socket.on("drain", goOn);
    goOn();
  };
const saysThen =
  (first: string, second: (socket: Socket) => void): Script =>
  (socket) =>
    socket.write(first, "latin1", () => setImmediate(() => second(socket)));

const refused = (name: string, text: string): Hostile => ({ name, script: says(text), outcome: "502" });
const brokenOff = (name: string, text: string): Hostile => ({ name, script: says(text), outcome: "broken off" });

const hostile: readonly Hostile[] = [
  // Heads.
  { name: "a connection closed right away", script: (socket) => socket.end(), outcome: "502" },
  { name: "a connection reset right away", script: (socket) => socket.resetAndDestroy(), outcome: "502" },
  { name: "half a status line", script: saysAndEnds("HTTP/1.1 20"), outcome: "502" },
  { name: "half a head", script: saysAndEnds(`${head}Content-Le`), outcome: "502" },
  refused("no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
  refused("a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok"),
  refused("a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok"),
  refused("a status that is no number", "HTTP/1.1 abc OK\r\nContent-Length: 2\r\n\r\nok"),
  {
    ...refused("another version", "HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    todo: { full: "undici takes any version" },
  },
  refused("a space before a colon", `${head}X : y\r\nContent-Length: 2\r\n\r\nok`),
  refused("a space in a name", `${head}X Y: z\r\nContent-Length: 2\r\n\r\nok`),
  refused("a line without a colon", `${head}nonsense\r\nContent-Length: 2\r\n\r\nok`),
  refused("NUL in a value", `${head}X: a\0b\r\nContent-Length: 2\r\n\r\nok`),
  refused("a bare CR in a value", `${head}X: a\rb\r\nContent-Length: 2\r\n\r\nok`),
  refused("bare LF in a head", `${head}X: a\nContent-Length: 2\r\n\r\nok`),
  refused("bare LF everywhere", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
  refused("a folded line", `${head}X: a\r\n b\r\nContent-Length: 2\r\n\r\nok`),
  refused(
    "both Content-Length and Transfer-Encoding",
    `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ),
  refused("two lengths", `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok!`),
  refused("listed lengths", `${head}Content-Length: 2, 3\r\n\r\nok!`),
  refused("a negative length", `${head}Content-Length: -2\r\n\r\nok`),
  refused("a length that is no number", `${head}Content-Length: x\r\n\r\nok`),
  refused("101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
  {
    name: "100 Continue that nobody asked for",
    script: says(`HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 2\r\n\r\nok`),
    outcome: "answered",
    body: "ok",
    isWell: true,
    todo: { full: "undici takes it for an error" },
  },
  { name: "a head without an end", script: saysWithoutEnd(head, "X: y\r\n".repeat(1_000)), outcome: "502" },
  { name: "a value without an end", script: saysWithoutEnd(`${head}X: `, "y".repeat(10_000)), outcome: "502" },
  {
    name: "announcements without an end",
    script: saysWithoutEnd("", "HTTP/1.1 102 Processing\r\n\r\n".repeat(100)),
    outcome: "502",
  },
  // Bodies.
  {
    name: "a body shorter than its length",
    script: saysAndEnds(`${head}Content-Length: 9\r\n\r\nok`),
    outcome: "broken off",
  },
  { name: "no last chunk", script: saysAndEnds(`${chunkedHead}2\r\nok\r\n`), outcome: "broken off" },
  { name: "half a chunk", script: saysAndEnds(`${chunkedHead}9\r\nok`), outcome: "broken off" },
  {
    name: "a body that is reset",
    script: saysThen(`${head}Content-Length: 9\r\n\r\nok`, (socket) => socket.resetAndDestroy()),
    outcome: "broken off",
  },
  brokenOff("a chunk size that is no number", `${chunkedHead}xyz\r\nok\r\n0\r\n\r\n`),
  brokenOff("a signed chunk size", `${chunkedHead}+2\r\nok\r\n0\r\n\r\n`),
  brokenOff("a chunk longer than it says", `${chunkedHead}2\r\nokok\r\n0\r\n\r\n`),
  brokenOff("bare LF behind a chunk size", `${chunkedHead}2\nok\r\n0\r\n\r\n`),
  brokenOff("bare LF behind a chunk", `${chunkedHead}2\r\nok\n0\r\n\r\n`),
  {
    name: "a chunk size without an end",
    script: saysWithoutEnd(chunkedHead, "0".repeat(10_000)),
    outcome: "broken off",
  },
  {
    name: "a chunk extension without an end",
    script: saysWithoutEnd(`${chunkedHead}2;`, "x".repeat(10_000)),
    outcome: "broken off",
  },
  {
    name: "trailers without an end",
    script: saysWithoutEnd(`${chunkedHead}2\r\nok\r\n0\r\n`, "X: y\r\n".repeat(1_000)),
    outcome: "broken off",
  },
  // More than an answer.
  {
    name: "bytes behind an answer",
    script: says(`${head}Content-Length: 2\r\n\r\nokXX`),
    outcome: "answered",
    body: "ok",
  },
  {
    name: "bytes behind the last chunk",
    script: says(`${chunkedHead}2\r\nok\r\n0\r\n\r\nXX`),
    outcome: "answered",
    body: "ok",
  },
  {
    name: "another answer behind an answer",
    script: says(`${head}Content-Length: 2\r\n\r\nok${fineAnswer.replace("fine", "evil")}`),
    outcome: "answered",
    body: "ok",
  },
  { name: "a body behind 204", script: says("HTTP/1.1 204 No Content\r\n\r\nevil"), outcome: "answered", body: "" },
  {
    name: "a body behind 304",
    script: says("HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil"),
    outcome: "answered",
    body: "",
  },
  {
    name: "a body in answer to HEAD",
    request: `HEAD /hostile HTTP/1.1\r\n${host}\r\n`,
    script: says(`${head}Content-Length: 4\r\n\r\nevil`),
    outcome: "answered",
    body: "",
  },
  {
    name: "a byte on the idle connection",
    script: saysThen(`${head}Content-Length: 2\r\n\r\nok`, (socket) => socket.write("X")),
    outcome: "answered",
    body: "ok",
  },
  {
    name: "an answer on the idle connection",
    script: saysThen(`${head}Content-Length: 2\r\n\r\nok`, (socket) =>
      socket.write(fineAnswer.replace("fine", "evil")),
    ),
    outcome: "answered",
    body: "ok",
  },
  // Time.
  {
    name: "an answer before the whole request",
    request: `POST /hostile HTTP/1.1\r\n${host}Content-Length: 90000\r\n\r\nbeginning`,
    script: says(`${head}Content-Length: 2\r\n\r\nok`),
    outcome: "answered",
    body: "ok",
  },
];

for (const path of ["full", "fast"] as const) {
  for (const each of hostile) {
    const todo = each.todo?.[path];
    test(`${each.name}: ${each.outcome}, and nobody else notices (${path} path)`, { todo }, async () => {
      await using origin = await startScriptedOrigin(each.script);
      await using gateway = new Gateway();
      await gateway.start(
        snapshotOf({
          upstreams: [upstream("api-1", origin.port)],
          // What goes on without an end, but says nothing, is cut by the time.
          service: { retries: false, timeouts: { connectMs: 2_000, responseMs: 5_000, idleMs: 500, totalMs: 0 } },
          settings: { fastPath: path === "fast" },
        }),
      );
      const { port } = gateway.addresses()[0]!;
      await using client = new RawClient(port);
      const request = each.request ?? post;
      const told = await ask(client, request);
      const isAsGood = each.outcome === "broken off" && told.outcome === "502";
      assert.equal(isAsGood ? each.outcome : told.outcome, each.outcome, client.text);
      if (each.body !== undefined) assert.equal(told.body, each.body);
      if (each.isWell !== true) await eventually(() => origin.played.every(({ socket }) => socket.destroyed));
      if (!client.isClosed && request !== each.request)
        assert.equal((await ask(client, fine)).body, "fine", "on the same connection");
      await using other = new RawClient(port);
      assert.equal((await ask(other, fine)).body, "fine", "on another connection");
      assert.ok(
        each.isWell === true || origin.played.every(({ requests }) => requests === 1),
        "nothing else was sent there",
      );
    });
  }

  test(`a connection that is closed when it is used again costs no request (${path} path)`, async () => {
    // The request finds out when it is already on its way.
    await using origin = await startScriptedOrigin(
      saysThen(`${head}Content-Length: 2\r\n\r\nok`, (socket) =>
        socket.removeAllListeners("data").once("data", () => socket.destroy()),
      ),
    );
    await using gateway = new Gateway();
    await gateway.start(
      snapshotOf({ upstreams: [upstream("api-1", origin.port)], settings: { fastPath: path === "fast" } }),
    );
    await using client = new RawClient(gateway.addresses()[0]!.port);
    assert.equal((await ask(client, get)).body, "ok");
    assert.equal((await ask(client, fine)).body, "fine");
  });
}

const fine = `GET /fine HTTP/1.1\r\n${host}\r\n`;

interface Told {
  readonly outcome: Outcome;
  readonly body: string;
}

/** What the client has been told when its answer is whole, or when the connection has ended before it was. */
async function ask(client: RawClient, request: string): Promise<Told> {
  const from = client.text.length;
  const method = request.slice(0, request.indexOf(" "));
  const read = (): MessageReader => new MessageReader(answers(() => method)).push(client.text.slice(from));
  const final = (reader: MessageReader) => reader.messages.find(({ start }) => !start[1].startsWith("1"));
  client.send(request);
  await client.until(() => client.isClosed || final(read())?.isComplete === true);
  const reader = read();
  assert.equal(reader.fault, undefined, client.text);
  const answer = final(reader);
  if (answer?.isComplete !== true) return { outcome: "broken off", body: "" };
  assert.equal(reader.rest, "", "nothing behind the answer");
  const isOwn = answer.body.includes("GATEWAY_UPSTREAM_FAILED");
  return { outcome: isOwn && answer.start[1] === "502" ? "502" : "answered", body: answer.body };
}
