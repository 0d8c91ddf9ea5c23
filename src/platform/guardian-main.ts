/**
 * The guardian: a small process beside the platform, whose one task begins when the platform was killed.
 *
 * Its standard input is a pipe from the platform. The line `bye` says that the platform has ended all in order and needs no
 * guardian; `end`, that everything shall end at once, by force where it must. The pipe's end without either means that the platform was
 * killed: gateways, instances and engines serve on for `orphanGrace`. A new platform that claims the project within that time
 * takes them over, and this process leaves. If none comes, it claims the project itself, so that no platform starts into the
 * middle of it, and ends everything that the ledger names. When nothing of that lives any more, as after `tenfold stop`, it leaves at once.
 *
 * Usage: guardian-main <project root> <orphan grace in ms> <pid of the platform> <when that started>
 */
import { existsSync, rmSync } from "node:fs";
import { isSameProcess, type ProcessIdentity, systemClock } from "../kernel/index.ts";
import { holderOf, tryClaim } from "./claim.ts";
import { directoriesOf } from "./directories.ts";
import { endAll } from "./ending.ts";
import { Ledger } from "./ledger.ts";
import { releaseProject } from "./leftovers.ts";

const [root, orphanGraceMs, platformPid, startedAt] = process.argv.slice(2) as [string, string, string, string];
const platform: ProcessIdentity = { pid: Number(platformPid), startedAt };
const directories = directoriesOf(root);
const { claimFile } = directories;
/** What has not ended so soon after everything was told to end at once is killed. */
const forcedGraceMs = 1_000;
const lookEveryMs = 100;

// Signals meant for the platform also reach those who share its terminal or its service unit.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

let lastWord = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => (lastWord = text.trim()));
process.stdin.on("error", () => {});
process.stdin.on("close", () => void (lastWord === "bye" ? process.exit(0) : guard(lastWord === "end")));

async function guard(isForced: boolean): Promise<void> {
  await platformsEnd();
  const deadline = systemClock.monotonic() + (isForced ? 0 : Number(orphanGraceMs));
  const ledger = new Ledger(directories.run);
  while (systemClock.monotonic() < deadline && ledger.living().length > 0) {
    if (holderOf(claimFile) !== undefined) process.exit(0);
    await systemClock.sleep(lookEveryMs);
  }
  // Who has ended it all has also cleaned up; the project itself may be gone.
  if (ledger.living().length === 0 && !existsSync(directories.sockets)) process.exit(0);
  if (!tryClaim(claimFile, "guardian").claimed) process.exit(0);
  try {
    await endAll(
      ledger.living().map((entry) => (isForced ? forced(entry) : entry)),
      ledger,
    );
    rmSync(directories.endpointFile, { force: true });
  } finally {
    releaseProject(directories);
  }
  process.exit(0);
}

/** The pipe closes a moment before the process is gone, and its claim with it. */
async function platformsEnd(): Promise<void> {
  while (isSameProcess(platform)) await systemClock.sleep(lookEveryMs);
}

function forced<T extends { readonly stop: { readonly graceMs: number } }>(entry: T): T {
  return { ...entry, stop: { ...entry.stop, graceMs: Math.min(entry.stop.graceMs, forcedGraceMs) } };
}
