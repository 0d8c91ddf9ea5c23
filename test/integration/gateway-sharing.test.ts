import assert from "node:assert/strict";
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import { eventually, RawClient, snapshotOf, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const clientCount = 24;

/**
 * A gateway before an instance on a unix socket, and clients whose requests arrive in one turn of the gateway's event loop, as all are in
 * this process. They are warm: connections are open, and the gateway has seen an even pace.
 */
async function start(t: TestContext, listener: RequestListener, pipelining = true) {
  const socketPath = join(temporaryDirectory(t), "api-1.sock");
  const origin = await startOrigin(listener, socketPath);
  const connections = new Set<Socket>();
  origin.server.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  const gateway = new Gateway();
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", 1, { socketPath })], settings: { pipelining } }));
  const { port } = gateway.addresses()[0]!;
  const clients = Array.from({ length: clientCount }, () => new RawClient(port));
  const isWarm = (rounds: number): boolean =>
    pipelining ? gateway.figures().services["api"]!.upstreams[0]!.shared : rounds > 0;
  for (let round = 0; !isWarm(round); round++) {
    assert.ok(round < 1_000, "the pace never became even");
    for (const client of clients) client.text = "";
    await Promise.all(clients.map((client) => ask(client, "/warm")));
  }
  for (const client of clients) client.text = "";
  t.after(async () => {
    for (const client of clients) client.socket.destroy();
    await gateway.stop();
    await origin[Symbol.asyncDispose]();
  });
  return { gateway, origin, clients, connections };
}

async function ask(client: RawClient, path: string): Promise<string> {
  client.send(`GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
  return client.until((text) => text.includes(`<${path}>`));
}

test("requests of one turn share connections, and each client has its own answer", async (t) => {
  const used = new Set<Socket>();
  const { clients, gateway } = await start(t, (req, res) => {
    if (req.url !== "/warm") used.add(req.socket);
    res.end(`<${req.url}>`);
  });
  const answers = await Promise.all(clients.map((client, i) => ask(client, `/${i}`)));
  for (const [i, answer] of answers.entries()) assert.match(answer, new RegExp(`</${i}>$`));
  assert.ok(used.size < clientCount / 2, `${used.size} connections were used`);
  assert.equal(gateway.inFlight("api-1"), 0);
});

test("without pipelining each request has a connection", async (t) => {
  const used = new Set<Socket>();
  const { clients } = await start(
    t,
    (req, res) => {
      if (req.url !== "/warm") used.add(req.socket);
      setImmediate(() => res.end(`<${req.url}>`));
    },
    false,
  );
  await Promise.all(clients.map((client, i) => ask(client, `/${i}`)));
  assert.equal(used.size, clientCount);
});

test("nobody waits long behind a slow request", async (t) => {
  const { clients, gateway } = await start(t, (req, res) => {
    if (req.url === "/slow") setTimeout(() => res.end("</slow>"), 2_000).unref();
    else res.end(`<${req.url}>`);
  });
  const slow = ask(clients[0]!, "/slow");
  const startedAt = performance.now();
  await Promise.all(clients.slice(1).map((client, i) => ask(client, `/${i}`)));
  assert.ok(performance.now() - startedAt < 1_500, "they waited for the slow one");
  await slow;
  assert.equal(gateway.inFlight("api-1"), 0);
});

test("an instance that drops a shared connection costs nobody an answer", async (t) => {
  let dropped = 0;
  const { clients, gateway } = await start(t, (req, res) => {
    if (req.url !== "/warm" && dropped++ === 2) req.socket.destroy();
    else res.end(`<${req.url}>`);
  });
  await Promise.all(clients.map((client, i) => ask(client, `/${i}`)));
  assert.equal(gateway.inFlight("api-1"), 0);
});

test("a client that leaves takes nobody along", async (t) => {
  const { clients, gateway, connections } = await start(t, (req, res) => {
    setTimeout(() => res.end(`<${req.url}>`), 10);
  });
  const leavers = clients.filter((_, i) => i % 3 === 1);
  const stayers = new Set(clients.filter((_, i) => i % 3 !== 1));
  const answers = clients.flatMap((client, i) => {
    if (stayers.has(client)) return [ask(client, `/${i}`)];
    client.send(`GET /${i} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
    return [];
  });
  await new Promise(setImmediate);
  for (const client of leavers) client.socket.destroy();
  await Promise.all(answers);
  await eventually(() => gateway.inFlight("api-1") === 0);
  // What was left behind is either used again or closed.
  await eventually(() => connections.size === gateway.figures().services["api"]!.upstreams[0]!.connections);
});

test("an answer that never comes, and that nobody waits for any more, holds no connection", async (t) => {
  const unanswered = new Set<ServerResponse>();
  const { clients, gateway } = await start(t, (req, res) => {
    if (req.url === "/slow") setTimeout(() => res.end("</slow>"), 300).unref();
    else if (req.url === "/never") unanswered.add(res.on("close", () => unanswered.delete(res)));
    else res.end(`<${req.url}>`);
  });
  const [first, ...others] = clients as [RawClient, ...RawClient[]];
  const slow = ask(first, "/slow");
  for (const client of others) client.send("GET /never HTTP/1.1\r\nHost: a.test\r\n\r\n");
  // Those behind the slow one have gone elsewhere.
  await eventually(() => gateway.figures().services["api"]!.moved > 0);
  await slow;
  for (const client of others) client.socket.destroy();
  await eventually(() => unanswered.size === 0);
  assert.equal(gateway.inFlight("api-1"), 0);
});

test("a client that does not read its large answer holds nobody up", async (t) => {
  const { clients } = await start(t, (req, res) => {
    if (req.url === "/large") res.end(Buffer.alloc(20_000_000, "x"));
    else res.end(`<${req.url}>`);
  });
  clients[0]!.socket.pause();
  clients[0]!.send("GET /large HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await Promise.all(clients.slice(1).map((client, i) => ask(client, `/${i}`)));
  clients[0]!.socket.resume();
  const text = await clients[0]!.until((all) => all.length > 20_000_000);
  assert.equal(text.slice(text.indexOf("\r\n\r\n") + 4).replaceAll("x", ""), "");
});

test("writes never share", async (t) => {
  const used: Socket[] = [];
  const { clients } = await start(t, (req, res) => {
    if (req.method === "DELETE") used.push(req.socket);
    setImmediate(() => res.end(`<${req.url}>`));
  });
  await Promise.all(
    clients.map((client, i) => {
      client.send(`DELETE /${i} HTTP/1.1\r\nHost: a.test\r\n\r\n`);
      return client.until((text) => text.includes(`</${i}>`));
    }),
  );
  assert.equal(new Set(used).size, clientCount);
});
