import { removeSockets } from "../gateway/index.ts";
import { type Clock, codeOf, isSameProcess, type ProcessIdentity, systemClock } from "../kernel/index.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** Postgres ends at once on SIGQUIT and recovers at its next start: better than SIGKILL, which leaves its children to notice. */
const engineQuitMs = 5_000;
const killedMs = 5_000;

/**
 * Ends processes that this process did not start: those of a run that was killed. In the order in which a running platform would:
 * gateways let go of their clients first, then instances finish, then the engines that both need.
 */
export async function endAll(
  entries: readonly LedgerEntry[],
  ledger: Ledger,
  clock: Clock = systemClock,
): Promise<void> {
  for (const kind of ["gateway", "instance", "engine"] as const) {
    await Promise.all(
      entries
        .filter((entry) => entry.kind === kind)
        .map(async (entry) => {
          await end(entry, clock);
          if (entry.gateway !== undefined) removeSockets(entry.gateway.controlPath);
          ledger.remove(entry.identity.pid);
        }),
    );
  }
}

async function end(entry: LedgerEntry, clock: Clock): Promise<void> {
  signal(entry, entry.stop.signal);
  if (await isGoneWithin(entry.identity, entry.stop.graceMs, clock)) return;
  if (entry.kind === "engine") {
    signal(entry, "SIGQUIT");
    if (await isGoneWithin(entry.identity, engineQuitMs, clock)) return;
  }
  signal(entry, "SIGKILL");
  await isGoneWithin(entry.identity, killedMs, clock);
}

function signal(entry: LedgerEntry, name: NodeJS.Signals): void {
  if (!isSameProcess(entry.identity)) return;
  try {
    process.kill(entry.stop.group === true ? -entry.identity.pid : entry.identity.pid, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** Whether the process ended within the time; another that was given its pid does not count. */
export async function isGoneWithin(
  identity: ProcessIdentity,
  ms: number,
  clock: Clock = systemClock,
): Promise<boolean> {
  const deadline = clock.monotonic() + ms;
  while (isSameProcess(identity)) {
    if (clock.monotonic() >= deadline) return false;
    await clock.sleep(20);
  }
  return true;
}
