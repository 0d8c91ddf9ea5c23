import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { WebSocket } from "ws";
import { type Answer, answerTo, ask, isListening, startApp, until, wayIn } from "../fixtures/preload/harness.ts";

/** A request that lasts until its body is ended, and has reached the app. */
async function begin(way: string | number): Promise<{ finish(): Promise<Answer>; readonly answer: Promise<Answer> }> {
  const headers = { connection: "keep-alive", expect: "100-continue" };
  const outgoing = request({ ...wayIn(way), method: "POST", path: "/", agent: false, headers });
  const answer = answerTo(outgoing);
  answer.catch(() => {});
  outgoing.flushHeaders();
  await once(outgoing, "continue");
  const finish = (): Promise<Answer> => {
    outgoing.end("body");
    return answer;
  };
  return { finish, answer };
}

test("requests in flight on the private socket count, and close waits for them as for others", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  const pending = [await begin(path), await begin(app.port)];
  assert.equal((await ask(path, "/connections")).body, "3");
  assert.equal((await ask(app.port, "/connections")).body, "3");

  await ask(path, "/close");
  await app.ear.heard("closed");
  assert.equal(await isListening(path), false);
  assert.equal(await isListening(app.port), false);
  assert.equal(app.output(), "listening\n");
  for (const { finish } of pending) assert.equal((await finish()).body, "complete");
  assert.deepEqual(await app.ended, [0, null]);
  assert.equal(app.output(), "listening\nclosed in order\nexit 0\n");
});

test("closeAllConnections ends those of the private socket too", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const pending = await begin(await app.socketPath());
  await assert.rejects(ask(app.port, "/closeAll"), { code: "ECONNRESET" });
  await assert.rejects(pending.answer, { code: "ECONNRESET" });
});

test("a server that listens again has a private socket again", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  await ask(path, "/again");
  await until("it listens again", async () =>
    app.ear.messages.filter(({ type }) => type === "listening").length === 2 ? true : undefined,
  );
  assert.equal((await ask(path)).body, "ok");
  assert.equal((await ask(app.port)).body, "ok");
});

test("maxConnections counts and drops as over TCP, and tells the same", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  await ask(path, "/atMostOne");
  const only = await begin(path);
  for (const way of [path, app.port]) await assert.rejects(ask(way));
  const [first, second] = await until("two drops", () => {
    const drops = app.output().match(/dropped .*/g);
    return drops?.length === 2 ? drops : undefined;
  });
  assert.equal(first, second);
  await only.finish();
});

test("a reset by the app is no error on a private socket", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  await assert.rejects(ask(path, "/reset"), { code: "ECONNRESET" });
  assert.equal((await ask(path)).body, "ok");
});

test("an app sees no listener on its server that it has not put there", async (t) => {
  const [with_, without] = [await startApp(t, "commanded.mjs"), await startApp(t, "commanded.mjs", { by: "none" })];
  const path = await with_.socketPath();
  assert.equal((await ask(path, "/listeners")).body, (await ask(without.port, "/listeners")).body);
});

test("an unref'ed server lets the process end", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  await ask(path, "/unref");
  assert.deepEqual(await app.ended, [0, null]);
  assert.equal(existsSync(path), false);
});

test("process.exit leaves no socket file", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const path = await app.socketPath();
  await assert.rejects(ask(path, "/exit"));
  assert.deepEqual(await app.ended, [3, null]);
  assert.equal(existsSync(path), false);
});

test("keep-alive, pipelining and a large upload work over the private socket", async (t) => {
  const app = await startApp(t, "bare.mjs");
  const path = await app.socketPath();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.match((await ask(path, "/", { agent })).headers.connection ?? "", /keep-alive/);
  const again = request({ ...wayIn(path), agent, path: "/" }).end();
  await answerTo(again);
  assert.ok(again.reusedSocket);

  const upload = Buffer.alloc(3_000_000, "0123456789");
  assert.equal((await ask(path, "/", { method: "POST" }, upload)).body, upload.toString());

  const socket = connect(path);
  t.after(() => socket.destroy());
  socket.write(
    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
  );
  let answers = "";
  for await (const text of socket.setEncoding("utf8")) answers += text;
  assert.equal(answers.match(/HTTP\/1\.1 200 OK/g)?.length, 3);
});

test("a WebSocket opens over the private socket", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const socket = new WebSocket(`ws+unix://${await app.socketPath()}:/chat`);
  t.after(() => socket.terminate());
  await once(socket, "open");
  socket.send("hello");
  const [text] = await once(socket, "message");
  assert.equal(String(text), "hello");
});
