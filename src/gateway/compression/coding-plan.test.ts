import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldValue } from "../../http/index.ts";
import { planCoding } from "./coding-plan.ts";

const rules = { of: "everything", types: ["text/*"], minBytes: 1_000 } as const;
const raw = ["Content-Type", "text/html", "Content-Length", "5000", "ETag", '"v1"'];

function request(
  fields: Record<string, string>,
  more: { method?: string; service?: string; bodyLength?: number } = {},
) {
  return { method: "GET", service: undefined, bodyLength: 0, header: (name: string) => fields[name], ...more };
}

const gzip = { "accept-encoding": "gzip" };

test("an answer is coded for whoever wants it", () => {
  const plan = planCoding(request(gzip), 200, raw, rules)!;
  assert.equal(plan.coding, "gzip");
  assert.equal(plan.length, 5_000);
  assert.equal(fieldValue(plan.fields, "content-length"), undefined);
});

const plain: readonly (readonly [what: string, request: ReturnType<typeof request>])[] = [
  ["who does not want it", request({})],
  ["who asks for a part", request({ ...gzip, range: "bytes=0-1" })],
  ["who forbids it", request({ ...gzip, "cache-control": "no-transform" })],
];

for (const [what, asked] of plain)
  test(`others are told that there are forms: ${what}`, () => {
    const plan = planCoding(asked, 200, raw, rules)!;
    assert.equal(plan.coding, undefined);
    assert.deepEqual(plan.fields, [...raw, "Vary", "Accept-Encoding"]);
  });

const left: readonly (readonly [what: string, request: ReturnType<typeof request>, more?: object])[] = [
  ["a request that changes something", request(gzip, { method: "POST" })],
  ["a request with a body", request(gzip, { bodyLength: 1 })],
  ["an instance of ours", request(gzip, { service: "api" })],
  ["only what is shared is coded", request(gzip), { of: "shared" }],
  ["nothing is", request(gzip), { of: "nothing" }],
  ["it is too small", request(gzip), { minBytes: 5_001 }],
];

for (const [what, asked, more] of left)
  test(`an answer is left as it is: ${what}`, () =>
    assert.equal(planCoding(asked, 200, raw, { ...rules, ...more }), undefined));
