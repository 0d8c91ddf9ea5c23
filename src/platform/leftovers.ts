import { rmSync } from "node:fs";
import { poll, type ProcessIdentity } from "../kernel/index.ts";
import { type Claim, holderOf, isClaimed, releaseClaim, tryClaim } from "./claim.ts";
import { createDirectories, type Directories } from "./directories.ts";
import { endAll } from "./ending.ts";
import { alreadyRunning, stillEnding } from "./errors.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";

/** A guardian ends everything within the drain of the slowest instance and Postgres' own shutdown; then some. */
const guardianEndsMs = 120_000;

/**
 * Claims the project for this process. Waits while a guardian ends what a killed platform left.
 *
 * @throws PLATFORM_ALREADY_RUNNING, PLATFORM_STILL_ENDING
 */
export async function claimProject(root: string, directories: Directories, signal?: AbortSignal): Promise<void> {
  createDirectories(directories);
  let guardian: Claim | undefined;
  await poll(
    () => {
      const attempt = tryClaim(directories.claimFile, "platform");
      if (attempt.claimed) return true;
      if (attempt.by.holder === "platform") throw alreadyRunning(attempt.by.identity.pid, root);
      guardian = attempt.by;
      return undefined;
    },
    {
      everyMs: 50,
      deadlineMs: guardianEndsMs,
      onTimeout: () => stillEnding(guardian!.identity.pid),
      ...(signal === undefined ? {} : { signal }),
    },
  );
}

/** Gives the project up, and removes the sockets once nothing is left that serves by them. Fine when it was never claimed. */
export function releaseProject({ claimFile, run, sockets }: Directories): void {
  if (!isClaimed(claimFile)) return;
  if (new Ledger(run).living().length === 0) rmSync(sockets, { recursive: true, force: true });
  releaseClaim(claimFile);
}

/** The platform that runs this project now. */
export function runningPlatform(directories: Directories): ProcessIdentity | undefined {
  const claim = holderOf(directories.claimFile);
  return claim?.holder === "platform" ? claim.identity : undefined;
}

/** Ends what a killed platform left, at once. Returns what was ended. */
export async function endLeftovers(root: string, directories: Directories): Promise<LedgerEntry[]> {
  await claimProject(root, directories);
  try {
    const ledger = new Ledger(directories.run);
    const entries = ledger.living();
    await endAll(entries, ledger);
    return entries;
  } finally {
    releaseProject(directories);
  }
}

/** What runs for the project, whoever started it. */
export function livingProcesses(directories: Directories): LedgerEntry[] {
  return new Ledger(directories.run).living();
}
