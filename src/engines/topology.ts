/**
 * Which data directory plays which role. Directories are numbered (`node-1`, `node-2` …) and keep their number; roles
 * have names (`primary`, `replica-1` …) and move. Ports belong to roles, so that a promotion changes no URL.
 */
import { readFile } from "node:fs/promises";
import { codeOf, messageOf } from "../kernel/index.ts";
import { stateUnreadable } from "./errors.ts";

export interface Topology {
  /** The primary's directory has held a database: should it be missing, something is wrong. */
  readonly isInitialized: boolean;
  /** The primary's directory. */
  readonly primary: string;
  /** Role name → directory. */
  readonly replicas: Readonly<Record<string, string>>;
  /** Role name → port. */
  readonly ports: Readonly<Record<string, number>>;
}

export const firstTopology: Topology = { isInitialized: false, primary: "node-1", replicas: {}, ports: {} };

export interface ReplicaPlan {
  readonly keep: readonly string[];
  readonly build: readonly string[];
  readonly remove: readonly string[];
}

/** @param present directories that are there */
export function planReplicas(topology: Topology, wanted: number, present: readonly string[]): ReplicaPlan {
  const names = Array.from({ length: wanted }, (_, index) => `replica-${index + 1}`);
  const isThere = (name: string): boolean => present.includes(topology.replicas[name] ?? "");
  return {
    keep: names.filter((name) => isThere(name)),
    build: names.filter((name) => !isThere(name)),
    remove: Object.keys(topology.replicas).filter((name) => !names.includes(name)),
  };
}

/** The replica's directory becomes the primary's; the former primary's plays no role. */
export function promoted(topology: Topology, name: string): Topology {
  const { [name]: primary = topology.primary, ...replicas } = topology.replicas;
  return { ...topology, primary, replicas };
}

/** A number is not given again while its directory is there. */
export function nextNode(present: readonly string[]): string {
  const numbers = present.map((node) => Number(/^node-(\d+)/.exec(node)?.[1] ?? 0));
  return `node-${Math.max(0, ...numbers) + 1}`;
}

export async function readTopology(path: string): Promise<Topology | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const found = JSON.parse(text) as Partial<Topology>;
    if (!isNode(found.primary)) throw new Error('"primary" is not a node');
    const replicas = found.replicas ?? {};
    if (!Object.values(replicas).every(isNode)) throw new Error('"replicas" holds what is not a node');
    return { isInitialized: found.isInitialized === true, primary: found.primary, replicas, ports: found.ports ?? {} };
  } catch (error) {
    throw stateUnreadable(path, messageOf(error));
  }
}

const isNode = (value: unknown): value is string => typeof value === "string" && /^node-\d+$/.test(value);
