import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { FleetUpstream, ServiceStatus } from "../../src/fleet/index.ts";
import { identifyProcess, isSameProcess, poll } from "../../src/kernel/index.ts";
import { commandService, fixture } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/temporary.ts";

interface Started {
  readonly status: ServiceStatus[];
  readonly upstreams: Record<string, FleetUpstream[]>;
}

test("instances serve on and log on when what started them is killed, and do not see its Ctrl-C", async (t) => {
  const directory = temporaryDirectory(t);
  const service = JSON.stringify(commandService("api", { preload: true }));
  const platform = spawn(process.execPath, [fixture("platform.ts"), directory, service], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const [said] = (await once(platform.stdout, "data")) as [Buffer];
  const { status, upstreams } = JSON.parse(String(said)) as Started;
  const identity = identifyProcess(status[0]!.instances[0]!.pid!)!;
  t.after(() => isSameProcess(identity) && process.kill(-identity.pid, "SIGKILL"));

  const gone = once(platform, "exit");
  process.kill(-platform.pid!, "SIGINT"); // As a terminal does: to all of its foreground group.
  platform.kill("SIGKILL");
  await gone;
  const answer = await fetch(`${upstreams["api"]![0]!.origin}/`);
  assert.equal(answer.status, 200);
  await answer.text();

  process.kill(-identity.pid, "SIGTERM");
  const options = { everyMs: 10, deadlineMs: 20_000, onTimeout: () => new Error("it still runs") };
  await poll(() => (isSameProcess(identity) ? undefined : true), options);
  assert.match(readFileSync(join(directory, "logs", "api-1.log"), "utf8"), /ends in order/);
});
