/**
 * Postgres refuses to run as root, and Tenfold makes no users; so as root it drops to an ordinary uid: that of whom the
 * data already belongs to, else of the project, else nobody's.
 *
 * That uid may not be able to get to the binaries or the data (a project under /root, a 0700 folder of `mktemp -d`).
 * Then the servers keep one capability of root's: CAP_DAC_READ_SEARCH, which passes closed folders for reading; or, where
 * a container withholds that one, or a file is not executable for others, CAP_DAC_OVERRIDE. It is given by setpriv(1) as
 * an ambient capability (capabilities(7)), with the securebit no_setuid_fixup, because access(2), by which Postgres
 * looks for its own executable, otherwise ignores the capabilities of a uid that is not root.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "../kernel/index.ts";
import { pathClosed, userNameless } from "./errors.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export type Capability = "dac_read_search" | "dac_override";

/** `{}`: as this process does. */
export interface RunAs {
  readonly user?: User;
  readonly capability?: Capability;
  /** Seen by the program as this uid, through a user namespace. */
  readonly mappedUid?: number;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** What a uid must get through: `search` a folder, `execute` a file. */
export interface Passage {
  readonly path: string;
  readonly need: "search" | "execute";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const nobody: User = { uid: 65_534, gid: 65_534 };

/** The first owner that is not root; `owners` from the data directory upwards. */
export function chooseUser(owners: readonly User[]): User {
  const owner = owners.find(({ uid }) => uid !== 0);
  return owner === undefined ? nobody : { uid: owner.uid, gid: owner.gid === 0 ? owner.uid : owner.gid };
}

/** What the user lacks to get everywhere, and where it fails first. */
export function missingCapability(
  passages: readonly Passage[],
  user: User,
): { readonly capability: Capability; readonly path: string } | undefined {
  const closed = passages.filter((passage) => !isOpen(passage, user));
  const first = closed[0];
  if (first === undefined) return undefined;
  const capability = closed.some(({ need }) => need === "execute") ? "dac_override" : "dac_read_search";
  return { capability, path: first.path };
}

function isOpen({ mode, uid, gid }: Passage, user: User): boolean {
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & 0o1) !== 0;
}

/** The command line that runs a program so. */
export function commandAs({ user, capability, mappedUid }: RunAs, program: string, args: readonly string[]): Command {
  if (mappedUid !== undefined) {
    return { program: "unshare", args: ["--user", `--map-user=${mappedUid}`, program, ...args] };
  }
  if (user === undefined) return { program, args };
  if (capability === undefined) return { program, args, ...user };
  const drop = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  const keep = [`--inh-caps=+${capability}`, `--ambient-caps=+${capability}`, "--securebits=+no_setuid_fixup"];
  return { program: "setpriv", args: [...drop, ...keep, program, ...args] };
}

/** @param directory may be missing still */
export function userFor(directory: string): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return chooseUser([directory, ...foldersAbove(directory)].flatMap((path) => statIfThere(path) ?? []));
}

/** How the servers run. */
export function runAs(user: User | undefined, directory: string, executables: readonly string[]): RunAs {
  if (user === undefined) return {};
  const missing = missingCapability(
    [
      ...[directory, ...executables].flatMap(foldersAbove).map((path) => toPassage(path, "search")),
      ...executables.map((path) => toPassage(path, "execute")),
    ],
    user,
  );
  if (missing === undefined) return { user };
  return { user, capability: grantable(missing.capability, missing.path, user) };
}

/**
 * How initdb runs: as the servers do, but it looks its user's name up and fails without one. Root then borrows a user that
 * has a name (what it makes is given to the right one afterwards); anyone else one in a user namespace.
 */
export function runInitdbAs(servers: RunAs, directory: string, executables: readonly string[]): RunAs {
  const uid = servers.user?.uid ?? process.getuid?.();
  if (uid === undefined || isNamed(uid)) return servers;
  if (servers.user !== undefined) return runAs(namedUser(uid), directory, executables);
  const mappedUid = namedUser(uid).uid;
  try {
    execFileSync("unshare", ["--user", `--map-user=${mappedUid}`, "true"], { stdio: "pipe" });
  } catch (error) {
    throw userNameless(uid, messageOf(error).trim());
  }
  return { mappedUid };
}

function grantable(wanted: Capability, path: string, user: User): Capability {
  const held = heldCapabilities();
  const needs = [wanted, "dac_override"] as const;
  const capability = needs.find((each) => held.has(each));
  if (capability === undefined) throw pathClosed(path, user.uid, `CAP_${wanted.toUpperCase()}`);
  try {
    execFileSync("setpriv", ["--version"], { stdio: "pipe" });
  } catch {
    throw pathClosed(path, user.uid, "the program setpriv");
  }
  return capability;
}

/** Bits of the effective set, capabilities(7). */
function heldCapabilities(): Set<Capability> {
  let status: string;
  try {
    status = readFileSync("/proc/self/status", "latin1");
  } catch {
    return new Set();
  }
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const held = new Set<Capability>();
  if ((effective & (1n << 1n)) !== 0n) held.add("dac_override");
  if ((effective & (1n << 2n)) !== 0n) held.add("dac_read_search");
  return held;
}

function isNamed(uid: number): boolean {
  return process.platform !== "linux" || namedUids().some((user) => user.uid === uid);
}

function namedUser(uid: number): User {
  const users = namedUids().filter((user) => user.uid !== 0);
  const found = users.find((user) => user.uid === nobody.uid) ?? users[0];
  if (found === undefined) throw userNameless(uid, "the user database is empty");
  return found;
}

function namedUids(): User[] {
  try {
    return readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .filter((fields) => fields.length >= 4)
      .map((fields) => ({ uid: Number(fields[2]), gid: Number(fields[3]) }));
  } catch {
    return [];
  }
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

function toPassage(path: string, need: Passage["need"]): Passage {
  const { mode, uid, gid } = statSync(path);
  return { path, need, mode, uid, gid };
}

function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
