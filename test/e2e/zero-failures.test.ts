import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { poll } from "../../src/kernel/index.ts";
import type { PlatformStatus } from "../../src/platform/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import { type Load, type LoadRequest, startLoad } from "../support/load.ts";
import { createEchoProject } from "../support/projects.ts";
import { type RunningTenfold, startTenfold } from "../support/tenfold.ts";

/** What the purpose of the whole is: under a steady load, none of these costs a request, and no answer is wrong. */

const gateways = [
  { processes: 1, by: "one gateway process" },
  { processes: 2, by: "two gateway processes" },
];

function request(method: LoadRequest["method"], n: number): LoadRequest {
  const body = method === "GET" ? undefined : `body-${n}-${"x".repeat(n % 500)}`;
  const path = `/item/${n}`;
  return {
    method,
    path: `${path}?ms=${n % 20}`,
    ...(body === undefined ? {} : { body }),
    check: (status, answer) =>
      status === 200 && answer === `${method} ${path} ${body ?? ""}` ? undefined : `${status} ${answer.slice(0, 300)}`,
  };
}

const mixed = (n: number): LoadRequest => request((["GET", "POST", "GET", "PUT"] as const)[n % 4]!, n);
const idempotent = (n: number): LoadRequest => request(n % 3 === 0 ? "PUT" : "GET", n);

/** Lets the load go on until it has had so many more answers: it was there before, during and after. */
async function more(load: Load, answers: number): Promise<void> {
  const wanted = load.answered() + answers;
  await poll(() => (load.answered() >= wanted ? true : undefined), {
    everyMs: 20,
    deadlineMs: 60_000,
    onTimeout: () => new Error(`only ${load.answered()} of ${wanted} answers; ${load.failures.slice(0, 3).join("; ")}`),
  });
}

async function finish(load: Load): Promise<void> {
  const { sent, failures } = await load.stop();
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} of ${sent} requests failed`);
}

const api = async (tenfold: RunningTenfold): Promise<PlatformStatus["services"][number]> =>
  ((await tenfold.ask("status")) as PlatformStatus).services[0]!;

function until(tenfold: RunningTenfold, what: string, holds: (service: PlatformStatus["services"][number]) => boolean) {
  return poll(
    async () => {
      const service = await api(tenfold);
      return holds(service) ? service : undefined;
    },
    { everyMs: 100, deadlineMs: 60_000, onTimeout: () => new Error(`never: ${what}`) },
  );
}

for (const { processes, by } of gateways) {
  const start = (t: TestContext, service: object): Promise<RunningTenfold> =>
    startTenfold(t, createEchoProject(t, service, { database: false, gateway: { processes } }));

  test(`scaling 2 to 6 to 2, and a rolling reload, fail no request: ${by}`, async (t) => {
    const tenfold = await start(t, {});
    const load = startLoad(tenfold.url, mixed);
    await more(load, 200);
    await tenfold.ask("scale", "api", "6");
    assert.equal((await api(tenfold)).instances.filter(({ state }) => state === "ready").length, 6);
    await more(load, 500);
    const before = new Set((await api(tenfold)).instances.map(({ pid }) => pid));
    await tenfold.ask("reload");
    const after = (await api(tenfold)).instances.filter(({ state }) => state === "ready");
    assert.equal(after.length, 6);
    assert.ok(
      after.every(({ pid }) => !before.has(pid)),
      "every instance is a new one",
    );
    await more(load, 500);
    await tenfold.ask("scale", "api", "2");
    await until(tenfold, "two instances", ({ instances }) => instances.length === 2);
    await more(load, 200);
    await finish(load);
  });

  test(`an instance that is killed costs no idempotent request, and comes back: ${by}`, async (t) => {
    const tenfold = await start(t, { scale: { min: 3 } });
    const load = startLoad(tenfold.url, idempotent);
    await more(load, 200);
    const victim = (await api(tenfold)).instances[0]!;
    process.kill(victim.pid!, "SIGKILL");
    await more(load, 500);
    await until(
      tenfold,
      "three ready instances without the killed process",
      ({ instances }) =>
        instances.filter(({ state }) => state === "ready").length === 3 &&
        instances.every(({ pid }) => pid !== victim.pid),
    );
    await more(load, 200);
    await finish(load);
  });

  test(`an instance that hangs is replaced, and when it wakes it finishes what it had: nothing fails: ${by}`, async (t) => {
    const tenfold = await start(t, { scale: { min: 3 } });
    const load = startLoad(tenfold.url, mixed);
    await more(load, 200);
    const victim = (await api(tenfold)).instances[0]!;
    process.kill(victim.pid!, "SIGSTOP");
    cleanUp(t, () => {
      try {
        process.kill(victim.pid!, "SIGCONT");
      } catch {
        // It has ended, as it should.
      }
    });
    await until(
      tenfold,
      "three other instances that are ready",
      ({ instances }) =>
        instances.filter(({ state, healthy, id }) => state === "ready" && healthy && id !== victim.id).length === 3,
    );
    await more(load, 500);
    process.kill(victim.pid!, "SIGCONT");
    await until(tenfold, "the hung instance is gone", ({ instances }) => instances.every(({ id }) => id !== victim.id));
    await finish(load);
  });

  test(`an instance that starts slowly gets no request before it is ready: ${by}`, async (t) => {
    const tenfold = await start(t, { env: { START_DELAY_MS: "1500" } });
    const load = startLoad(tenfold.url, mixed);
    await more(load, 200);
    await tenfold.ask("scale", "api", "4");
    await more(load, 500);
    await finish(load);
  });
}
