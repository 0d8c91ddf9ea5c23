import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, identifyProcess, isProcessIdentity, isSameProcess, type ProcessIdentity } from "../kernel/index.ts";

/**
 * The claim on a project: one file that says which process has it. At most one platform runs a project, and while a
 * guardian ends what a killed platform left, no platform starts into it.
 *
 * Invariants: the file appears whole (written beside, then linked: link(2) fails when it exists); it is released by who made
 * it, or set aside by the next one when that process no longer lives. Whoever sets it aside checks afterwards that it moved the
 * claim it had judged, since another may have been quicker. A file that is no claim, as a loss of power may leave it, is nobody's.
 */
export interface Claim {
  readonly holder: "platform" | "guardian";
  readonly identity: ProcessIdentity;
}

const nobodys: Claim = { holder: "platform", identity: { pid: 0, startedAt: "nobody" } };

export type ClaimAttempt = { readonly claimed: true } | { readonly claimed: false; readonly by: Claim };

export function tryClaim(file: string, holder: Claim["holder"]): ClaimAttempt {
  const own: Claim = { holder, identity: identifyProcess(process.pid)! };
  for (;;) {
    const present = readClaim(file);
    if (present !== undefined && isSameProcess(present.identity)) {
      return present.identity.pid === process.pid ? { claimed: true } : { claimed: false, by: present };
    }
    if (present !== undefined) setAside(file, present);
    if (linkWhole(file, own)) return { claimed: true };
  }
}

/** Who holds the project now; `undefined` when nobody living does. */
export function holderOf(file: string): Claim | undefined {
  const present = readClaim(file);
  return present !== undefined && isSameProcess(present.identity) ? present : undefined;
}

/** Whether this process holds it. */
export function isClaimed(file: string): boolean {
  return holderOf(file)?.identity.pid === process.pid;
}

export function releaseClaim(file: string): void {
  if (isClaimed(file)) rmSync(file, { force: true });
}

function readClaim(file: string): Claim | undefined {
  try {
    const claim = JSON.parse(readFileSync(file, "utf8")) as Claim | null;
    return isProcessIdentity(claim?.identity) ? claim! : nobodys;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (error instanceof SyntaxError) return nobodys;
    throw error;
  }
}

function linkWhole(file: string, claim: Claim): boolean {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${randomUUID()}`;
  writeFileSync(beside, JSON.stringify(claim), { mode: 0o600 });
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function setAside(file: string, stale: Claim): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = readClaim(aside);
  if (moved !== undefined && moved.identity.startedAt !== stale.identity.startedAt) linkWhole(file, moved);
  rmSync(aside, { force: true });
}
