import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { eventually, RawClient, startGatewayBefore, startOrigin } from "../support/gateway-fixtures.ts";

/** Requests for the same URL that turn out, when the answer's head comes, to want different ones. */

const get = (language: string): string => `GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Language: ${language}\r\n\r\n`;
const fields = { "cache-control": "max-age=60", vary: "Accept-Language" };

for (const moment of ["before its head", "while its body is coming"] as const) {
  test(`who joins a fetch ${moment} is not given another's variant`, async () => {
    const answers: ServerResponse[] = [];
    await using origin = await startOrigin((_, res) => answers.push(res));
    await using it = await startGatewayBefore(origin.port);
    await using german = new RawClient(it.port);
    await using french = new RawClient(it.port);
    german.send(get("de"));
    await eventually(() => answers.length === 1);
    if (moment === "before its head") {
      french.send(get("fr"));
      await eventually(() => it.gateway.figures().active === 2);
      answers[0]!.writeHead(200, fields).end("guten Tag");
    } else {
      answers[0]!.writeHead(200, fields).write("guten ");
      await german.until((text) => text.includes("guten "));
      french.send(get("fr"));
    }
    await eventually(() => answers.length === 2);
    answers[1]!.writeHead(200, fields).end("bonjour");
    await french.until((text) => text.includes("bonjour"));
    if (!answers[0]!.writableEnded) answers[0]!.end("Tag");
    await german.until((text) => text.includes("Tag"));
    assert.doesNotMatch(french.text, /guten|Tag/);
    assert.doesNotMatch(german.text, /bonjour/);
    french.send(get("de"));
    await french.until((text) => text.includes("guten Tag"));
    assert.equal(answers.length, 2);
  });
}
