import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyTally, runCampaign } from "../support/fuzz/campaign.ts";
import { describeFailure } from "../support/fuzz/counterexample.ts";
import { searchForDifferences } from "../support/fuzz/fast-against-full.ts";
import { type Alteration, defective } from "../support/wire/altering-relay.ts";
import { gatewayOn, type StartSubject } from "../support/wire/subject.ts";

/** As many inputs as fit; `npm run fuzz:http` goes on for longer, and somewhere else each time. */
const searchMs = 60_000;
/** The same inputs in every run, so that what fails here has been broken by the change at hand. */
const seed = 1;

test("the fast path does what the full path does, or leaves it to it", async (t) => {
  const { tally, failure } = await searchForDifferences({ seed, signal: AbortSignal.timeout(searchMs) });
  const { inputs, runs, late, fast } = tally;
  t.diagnostic(
    `seed ${seed}: ${inputs} inputs in ${runs} runs, ${fast} requests on the fast path, ${late} runs needed patience`,
  );
  assert.ok(fast > inputs / 4, "what is compared with the full path is the fast path");
  assert.equal(failure, undefined, `npm run fuzz:http -- --seed ${seed}\n${failure}`);
});

/** A search for what is there must find it; the time is for a machine that has much else to do. */
const patienceMs = 120_000;
const full = gatewayOn("full");

async function search(second: StartSubject, lanes: number, ms: number): Promise<string | undefined> {
  const tally = { ...emptyTally };
  const subjects = [full, second];
  const failure = await runCampaign({ subjects, seed: 1, lanes, signal: AbortSignal.timeout(ms) }, tally);
  assert.ok(tally.runs > 0);
  return failure?.difference;
}

test("the search finds no difference between the full path and itself", async () => {
  assert.equal(await search(full, 32, 5_000), undefined);
});

test("the search finds no difference between a gateway and the same behind relays that alter nothing", async () => {
  assert.equal(await search(defective(full, {}), 32, 5_000), undefined);
});

const defects: Readonly<Record<string, Alteration>> = {
  "that takes a bare LF for a line's end": { fromClient: (bytes) => bytes.replaceAll(/(?<!\r)\n/g, "\r\n") },
  "that overlooks NUL": { fromClient: (bytes) => bytes.replaceAll("\0", "") },
  "that overlooks a space before a colon": { fromClient: (bytes) => bytes.replaceAll(/^([\w-]+) :/gm, "$1:") },
  "that prefers Transfer-Encoding to Content-Length": {
    fromClient: (bytes) => bytes.replace(/content-length: \d+\r\n(?=transfer-encoding: chunked)/i, ""),
  },
  "that unfolds lines": { fromClient: (bytes) => bytes.replaceAll(/\r\n[\t ]+/g, " ") },
  "that loses a cookie": { toOrigin: (bytes) => bytes.replace(/cookie: b=2\r\n/i, "") },
  "that says a field twice": { toOrigin: (bytes) => bytes.replace(/^X-A: 1\r\n/im, "$&$&") },
  "that says the end of a request too early": {
    toOrigin: (bytes) => bytes.replace(/content-length: 40\r\n/i, "Content-Length: 0\r\n"),
  },
  "that loses a byte of an answer": { toClient: (bytes) => bytes.replace("GET /a 0", "GET / 0 ") },
  "that gives another status": { toClient: (bytes) => bytes.replace(/^HTTP\/1\.1 206 /, "HTTP/1.1 200 ") },
  "that tells whom it is written by": { toClient: (bytes) => bytes.replace("Via:", "Server: x\r\nVia:") },
};

for (const [name, defect] of Object.entries(defects)) {
  test(`the search finds a gateway ${name}`, async () => {
    assert.notEqual(await search(defective(full, defect), 32, patienceMs), undefined);
  });
}

test("what is found is shown in as few bytes as say it", async () => {
  const subjects = [full, defective(full, defects["that overlooks NUL"]!)];
  const tally = { ...emptyTally };
  const failure = await runCampaign({ subjects, seed: 1, lanes: 32, signal: AbortSignal.timeout(patienceMs) }, tally);
  const [literal] = /^\{ bytes: .*$/m.exec(await describeFailure(failure!, subjects))!;
  assert.ok(literal.includes("\\x00"), literal);
  assert.ok(literal.length < 150, literal);
});
