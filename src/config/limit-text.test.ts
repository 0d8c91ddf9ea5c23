import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault, parseLimitKey, parseLimitText, parseRate } from "./limit-text.ts";

const sliding = (count: number, windowMs: number) => ({
  algorithm: "sliding-window",
  count,
  windowMs,
  burst: count,
});

test("a rate is a count and a window; with a burst it is gcra", () => {
  assert.deepEqual(parseRate("100/minute"), sliding(100, 60_000));
  assert.deepEqual(parseRate("1/day"), sliding(1, 86_400_000));
  assert.deepEqual(parseRate("5000/10m"), sliding(5000, 600_000));
  assert.deepEqual(parseRate("20/second burst 40"), { algorithm: "gcra", count: 20, windowMs: 1_000, burst: 40 });
});

test("a limit says whom it is counted for", () => {
  assert.deepEqual(parseLimitText("100/minute"), { quota: sliding(100, 60_000), per: [] });
  assert.deepEqual(parseLimitText("100/minute per ip"), { quota: sliding(100, 60_000), per: [{ source: "ip" }] });
  assert.deepEqual(parseLimitText("20/second burst 40 per header:X-Api-Key and route and claim:sub"), {
    quota: { algorithm: "gcra", count: 20, windowMs: 1_000, burst: 40 },
    per: [{ source: "header", name: "x-api-key" }, { source: "route" }, { source: "claim", name: "sub" }],
  });
});

test("what is no rate is refused, with what was most likely meant", () => {
  const hints: Readonly<Record<string, string | undefined>> = {
    "100 per minute": '"100/minute"',
    "100/min": '"100/minute"',
    "100rpm": '"100/minute"',
    "100/minutes": '"100/minute"',
    "100/secnd": '"100/second"',
    "100": undefined,
    "0/minute": undefined,
    "-5/minute": undefined,
    "1.5/minute": undefined,
    "100/minute burst": undefined,
    "100/minute burst 0": undefined,
    "100/minute burst 5 6": undefined,
    "100/1ms": undefined,
    "100/40d": undefined,
    "": undefined,
  };
  for (const [text, hint] of Object.entries(hints)) {
    const parsed = parseRate(text);
    assert.ok(isFault(parsed), text);
    if (hint !== undefined) assert.ok(parsed.hint?.includes(hint), `${text}: ${parsed.hint}`);
  }
});

test("a key that there is not is refused, with the nearest there is", () => {
  const hintOf = (text: string): string | undefined => {
    const parsed = parseLimitKey(text);
    assert.ok(isFault(parsed), text);
    return parsed.hint;
  };
  assert.equal(hintOf("heaader:x-api-key"), 'did you mean "header:x-api-key"?');
  assert.equal(hintOf("pi"), 'did you mean "ip"?');
  assert.equal(hintOf("header"), 'name it: "header:x-api-key"');
  assert.equal(hintOf("cookie:a b"), "no cookie can have this name");
  assert.equal(hintOf("user"), undefined);
  for (const text of ["100 per minute per ip", "100rpm per ip", "100 a min per ip", "100/minutes per ip"]) {
    assert.equal((parseLimitText(text) as { hint?: string }).hint, 'did you mean "100/minute per ip"?', text);
  }
  // Where only a rate can be said, what is offered is not what was written.
  assert.equal((parseRate("5/minute per ip") as { hint?: string }).hint, 'did you mean "5/minute"?');
  const inLimit = parseLimitText("5/minute per header");
  assert.ok(isFault(inLimit));
});
