import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseService, compileSplit } from "./split.ts";

test("the number line is cut by the shares, and the rest stays", () => {
  const split = compileSplit("api", { next: 0.1, lab: 0.05 })!;
  const table: [number, string][] = [
    [0, "next"],
    [0.0999, "next"],
    [0.1, "lab"],
    [0.1499, "lab"],
    [0.16, "api"],
    [0.999999, "api"],
  ];
  for (const [number, service] of table) assert.equal(chooseService(split, number), service, `${number}`);
});

test("without shares there is nothing to split", () => {
  assert.equal(compileSplit("api", {}), undefined);
  assert.equal(compileSplit("api", { next: 0 }), undefined);
});

test("shares that make up the whole leave nothing, whatever floating point says", () => {
  const shares = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`canary-${i}`, 0.1]));
  const split = compileSplit("api", shares)!;
  assert.equal(chooseService(split, 1 - Number.EPSILON / 2), "canary-9");
});

test("growing a canary moves requests to it and no others", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), fc.double({ min: 0, max: 0.999, noNaN: true }), (one, other, number) => {
      const [less, more] = [Math.min(one, other) / 100, Math.max(one, other) / 100];
      const serviceAt = (share: number): string => {
        const split = compileSplit("api", { next: share });
        return split === undefined ? "api" : chooseService(split, number);
      };
      if (serviceAt(less) === "next") assert.equal(serviceAt(more), "next");
      assert.equal(serviceAt(less), number < less ? "next" : "api");
    }),
  );
});
