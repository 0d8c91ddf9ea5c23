import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheCases } from "./http-cache/cases.ts";

for (const [subject, cases] of Object.entries(cacheCases)) {
  test(`each case of ${subject} names its section, has a name of its own, and asks for something to happen`, () => {
    const names = cases.map(({ name, section }) => `${section}: ${name}`);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
    for (const { name, section, steps } of cases) {
      assert.match(
        section,
        /^(?:5861|8246|9110|9111|9112|9211|9213|9651|9875) §\d+(?:\.\d+)*(?:, §\d+(?:\.\d+)*)*$/,
        name,
      );
      assert.ok(steps.length > 0, name);
      assert.equal(steps[0]!.after, undefined, `${name}: no time passes before anything has happened`);
    }
  });
}

test("the standards are asked about in more than 450 cases", () => {
  assert.ok(Object.values(cacheCases).flat().length > 450);
});
