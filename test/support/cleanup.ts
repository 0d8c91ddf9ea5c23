import type { TestContext } from "node:test";

const stacks = new WeakMap<TestContext, (() => unknown)[]>();

/** Like `t.after`, but what was set up last is torn down first, and everything is tried. */
export function cleanUp(t: TestContext, tearDown: () => unknown): void {
  const present = stacks.get(t);
  if (present !== undefined) {
    present.push(tearDown);
    return;
  }
  const stack = [tearDown];
  stacks.set(t, stack);
  t.after(async () => {
    const failures: unknown[] = [];
    for (const each of stack.toReversed()) {
      try {
        await each();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
}
