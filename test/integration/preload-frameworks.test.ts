import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { request } from "node:http";
import { test } from "node:test";
import { type Answer, answerTo, ask, isListening, startApp, until, wayIn } from "../fixtures/preload/harness.ts";

const frameworks = ["bare", "express", "fastify", "hono"];
const files = frameworks.flatMap((framework) => [`${framework}.mjs`, `${framework}.cjs`]);

/** What differs between two requests anyway. */
function comparable({ status, headers: { date: _, ...headers }, body }: Answer): unknown {
  return { status, headers, body: JSON.parse(body) };
}

for (const file of files) {
  test(`${file} answers the same over its port and its private socket`, async (t) => {
    const app = await startApp(t, file);
    const path = await app.socketPath();
    assert.equal(path, `${app.directory}/api-1-${app.pid}.sock`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const forwarded = {
      host: "shop.example",
      "x-forwarded-for": "203.0.113.7, 198.51.100.2",
      "x-forwarded-proto": "https",
    };
    for (const headers of [{ host: "shop.example" }, forwarded]) {
      assert.deepEqual(
        comparable(await ask(path, "/", { headers })),
        comparable(await ask(app.port, "/", { headers })),
      );
    }
  });

  test(`${file} answers what it has begun when SIGTERM comes, and ends as by SIGTERM`, async (t) => {
    const app = await startApp(t, file);
    const path = await app.socketPath();
    const inFlight = [path, app.port].map((way) => {
      const upload = request({
        ...wayIn(way),
        method: "POST",
        path: "/",
        agent: false,
        headers: { connection: "keep-alive" },
      });
      upload.write("begun ");
      return { upload, answer: answerTo(upload) };
    });
    const connections = async (): Promise<true | undefined> =>
      inFlight.every(({ upload }) => upload.socket?.connecting === false) ? true : undefined;
    await until("both are connected", connections);
    await ask(path); // What was sent before this has been read.
    await ask(app.port);

    app.process.kill("SIGTERM");
    await app.ear.heard("closed");
    assert.equal(await isListening(app.port), false);
    assert.equal(existsSync(path), false);
    app.process.kill("SIGTERM"); // As when a process group is signalled and npm passes its own on.
    for (const { upload } of inFlight) upload.end("and finished");
    for (const { answer } of inFlight) assert.equal((await answer).body, "begun and finished");
    assert.deepEqual(await app.ended, [null, "SIGTERM"]);
    assert.equal(app.output().includes("rror"), false, app.output());
  });
}

test("a server for both families shows the addresses that it shows over TCP", async (t) => {
  const app = await startApp(t, "bare.mjs", { env: { HOST: "" } });
  const path = await app.socketPath();
  assert.deepEqual(comparable(await ask(path)), comparable(await ask(app.port)));
});
