import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { cleanUp } from "../../test/support/cleanup.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { identifyProcess, isSameProcess, poll, type ProcessIdentity } from "../kernel/index.ts";
import { holderOf, releaseClaim, tryClaim } from "./claim.ts";
import { createDirectories, type Directories, directoriesOf } from "./directories.ts";
import { Ledger } from "./ledger.ts";

interface Project {
  readonly directories: Directories;
  readonly ledger: Ledger;
  readonly guardian: ProcessIdentity;
  /** Stands in for the platform: starts the guardian, and dies or speaks when told. */
  readonly platform: ChildProcess;
}

const platformScript = (root: string, orphanGraceMs: number): string => `
  const { Guardian } = await import(${JSON.stringify(join(import.meta.dirname, "guardian.ts"))});
  const guardian = new Guardian(${JSON.stringify(root)}, ${orphanGraceMs});
  await guardian.start();
  console.log(guardian.pid);
  process.stdin.on("data", async (word) => {
    if (word.toString() === "stop") await guardian.stop();
    else if (word.toString() === "take over") guardian.takeOver();
    else return console.log(guardian.pid);
    process.exit(0);
  });`;

async function startProject(t: TestContext, orphanGraceMs = 150): Promise<Project> {
  const root = temporaryDirectory(t);
  const directories = directoriesOf(root);
  createDirectories(directories);
  cleanUp(t, () => rmSync(directories.sockets, { recursive: true, force: true }));
  const platform = spawn(process.execPath, ["--input-type=module", "-e", platformScript(root, orphanGraceMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  cleanUp(t, () => platform.kill("SIGKILL"));
  const [pid] = (await once(platform.stdout!, "data")) as [Buffer];
  return { directories, ledger: new Ledger(directories.run), guardian: identifyProcess(Number(pid))!, platform };
}

async function startOrphan(t: TestContext, script: string): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ["-e", `${script}; console.log("up"); setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  cleanUp(t, () => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return identifyProcess(child.pid!)!;
}

const gone = (identity: ProcessIdentity): Promise<true> =>
  poll(() => (isSameProcess(identity) ? undefined : true), {
    everyMs: 10,
    deadlineMs: 10_000,
    onTimeout: () => new Error(`process ${identity.pid} still lives`),
  });

const stop = { signal: "SIGTERM", graceMs: 200, group: true } as const;

test("when the platform is killed, everything in the ledger is ended after the grace, by force where needed", async (t) => {
  const { ledger, guardian, directories, platform } = await startProject(t);
  const polite = await startOrphan(t, "");
  const stubborn = await startOrphan(t, 'process.on("SIGTERM", () => {})');
  ledger.add({ kind: "instance", name: "api-1", identity: polite, stop });
  ledger.add({ kind: "instance", name: "api-2", identity: stubborn, stop });

  platform.kill("SIGKILL");
  await Promise.all([gone(polite), gone(stubborn), gone(guardian)]);
  assert.deepEqual(ledger.living(), []);
  assert.equal(holderOf(directories.claimFile), undefined);
});

test("a platform that comes back within the grace keeps everything", async (t) => {
  const { ledger, guardian, directories, platform } = await startProject(t);
  const instance = await startOrphan(t, "");
  ledger.add({ kind: "instance", name: "api-1", identity: instance, stop });

  assert.ok(tryClaim(directories.claimFile, "platform").claimed);
  platform.kill("SIGKILL");
  await gone(guardian);
  assert.ok(isSameProcess(instance));
  releaseClaim(directories.claimFile);
});

test("a guardian leaves when all that the killed platform left has ended, and does not wait for the end of the grace", async (t) => {
  const { ledger, guardian, platform } = await startProject(t, 3_600_000);
  const instance = await startOrphan(t, "");
  ledger.add({ kind: "instance", name: "api-1", identity: instance, stop });
  platform.kill("SIGKILL");
  process.kill(instance.pid, "SIGKILL");
  await gone(guardian);
});

test("a dismissed guardian ends nothing", async (t) => {
  const { ledger, guardian, platform } = await startProject(t);
  const instance = await startOrphan(t, "");
  ledger.add({ kind: "instance", name: "api-1", identity: instance, stop });
  platform.stdin!.write("stop");
  await gone(guardian);
  assert.ok(isSameProcess(instance));
});

test("a guardian that is told to end everything does not wait for the grace of anyone", async (t) => {
  const { ledger, guardian, platform } = await startProject(t);
  const stubborn = await startOrphan(t, 'process.on("SIGTERM", () => {})');
  ledger.add({ kind: "instance", name: "api-1", identity: stubborn, stop: { ...stop, graceMs: 3_600_000 } });
  platform.stdin!.write("take over");
  await Promise.all([gone(stubborn), gone(guardian)]);
});

test("a guardian that was killed is started again", async (t) => {
  const { guardian, platform } = await startProject(t);
  process.kill(guardian.pid, "SIGKILL");
  await gone(guardian);
  const newPid = async (): Promise<true | undefined> => {
    platform.stdin!.write("pid");
    const [pid] = (await once(platform.stdout!, "data")) as [Buffer];
    return Number(pid) !== guardian.pid && isSameProcess(identifyProcess(Number(pid)) ?? guardian) ? true : undefined;
  };
  await poll(newPid, { everyMs: 20, deadlineMs: 10_000, onTimeout: () => new Error("no new guardian") });
  platform.stdin!.write("stop");
  await once(platform, "exit");
});
