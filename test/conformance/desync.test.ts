import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findDifference } from "../support/wire/agreement.ts";
import { plainAnswer } from "../support/wire/answer-plan.ts";
import { Lane, type WireCase } from "../support/wire/lane.ts";
import type { Observation } from "../support/wire/observation.ts";
import { gatewayOn } from "../support/wire/subject.ts";
import { counterexamples } from "./counterexamples.ts";
import { type DesyncCase, desyncCases, type ForwardedAs } from "./desync-cases.ts";

/** What must never depend on who reads it, through both paths of the gateway. */
let lane: Lane;

before(async () => {
  lane = await Lane.open([gatewayOn("full"), gatewayOn("fast")], "tcp");
});

after(() => lane[Symbol.asyncDispose]());

const plain = { cuts: [], pause: "short", answers: [plainAnswer], ending: "wait" } as const;

/** In ways that must make no difference. Long ones in pieces of more than one byte: each takes several turns of the event loop. */
const deliveries: readonly (readonly [name: string, cut: (bytes: string) => number[]])[] = [
  ["whole", () => []],
  [
    "byte by byte",
    ({ length }) => Array.from({ length }, (_, i) => i).filter((i) => i % Math.ceil(length / 400) === 0),
  ],
];

for (const [delivery, cut] of deliveries) {
  for (const each of desyncCases) {
    test(`${each.name}, ${delivery}: ${titleOf(each.becomes)}`, async () => {
      const wire = { ...plain, bytes: each.bytes, cuts: cut(each.bytes) };
      const seen = await lane.run(wire);
      for (const observation of seen) check(observation, each);
      assert.equal(findDifference(seen, wire), undefined);
    });
  }
}

for (const [name, { todo, ...example }] of Object.entries(counterexamples)) {
  test(`both paths agree on ${name}`, { todo }, async () => {
    const wire: WireCase = { ...plain, ...example };
    assert.equal(findDifference(await lane.run(wire), wire), undefined);
  });
}

function titleOf(becomes: DesyncCase["becomes"]): string {
  if (becomes === "cut off") return becomes;
  return "refused" in becomes ? `refused with ${becomes.refused}` : "forwarded once";
}

function check({ forwarded, answers, isClosed, faults }: Observation, { becomes }: DesyncCase): void {
  assert.deepEqual(faults, []);
  if (becomes === "cut off") {
    assert.ok(isClosed, "the connection ends");
    assert.ok(forwarded.length <= 1, "nothing behind it is forwarded");
    assert.doesNotMatch(forwarded.join(), /smuggled/);
    assert.doesNotMatch(answers.join("\n"), /^HTTP\/1\.1 200/m);
  } else if ("refused" in becomes) {
    assert.deepEqual(forwarded, []);
    assert.equal(answers.length, 1);
    assert.match(answers[0]!, new RegExp(`^HTTP/1\\.1 ${becomes.refused}\n`));
    assert.match(answers[0]!, /^content-type: \["application\/problem\+json"\]$/m);
    assert.match(answers[0]!, /"code":"GATEWAY_[A-Z_]+","requestId":"<\?>"/);
    // Of a large body, what comes is still read for a moment.
    if (becomes.refused !== 413) assert.ok(isClosed, "the connection ends");
  } else {
    assert.equal(forwarded.length, 1);
    checkForwarded(forwarded[0]!, becomes.forwarded);
    assert.equal(answers.length, 1);
    assert.match(answers[0]!, /^HTTP\/1\.1 200\n/);
  }
}

function checkForwarded(request: string, { line, body = "", has = [], lacks = [] }: ForwardedAs): void {
  assert.equal(request.slice(0, request.indexOf("\n")), line);
  const rest = request.slice(request.indexOf("\n\n") + 2).replace(/^\(chunked\)\n/, "");
  // Trailers may follow.
  assert.ok(rest === body || rest.startsWith(`${body}\n`), `the body ${body} in\n${request}`);
  const lines = request.split("\n");
  for (const each of has) assert.ok(lines.includes(each), `${each} in\n${request}`);
  for (const each of lacks) assert.ok(!request.toLowerCase().includes(each), `no ${each} in\n${request}`);
}
