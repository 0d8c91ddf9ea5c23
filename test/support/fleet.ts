import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { CommandService } from "../../src/config/index.ts";
import {
  Fleet,
  type FleetDeps,
  type FleetEvent,
  type FleetOptions,
  type FleetUpstream,
  type LedgerEntry,
} from "../../src/fleet/index.ts";
import { isSameProcess, poll } from "../../src/kernel/index.ts";
import { temporaryDirectory } from "./temporary.ts";

const fixtures = join(import.meta.dirname, "../fixtures/services");

/** Asks often, and waits long: a busy machine is not a hung instance. */
export const quickHealth = { path: "/healthz", intervalMs: 100, timeoutMs: 10_000, failures: 2, successes: 2 };

/** A service as the config would resolve it. */
export function commandService(name: string, changes: Partial<CommandService> = {}): CommandService {
  return {
    kind: "command",
    name,
    command: ["node", join(fixtures, "steady.ts")],
    cwd: fixtures,
    env: {},
    scale: { min: 1, max: 8 },
    drainMs: 10_000,
    startTimeoutMs: 20_000,
    preload: false,
    routes: [],
    balance: { algorithm: "round-robin" },
    split: {},
    health: quickHealth,
    retries: false,
    timeouts: { connectMs: 1_000, responseMs: 1_000, idleMs: 1_000, totalMs: 0 },
    circuit: { maxRequests: 100, maxPending: 100 },
    cache: false,
    overload: false,
    ...changes,
  };
}

export const fixture = (name: string): string => join(fixtures, name);

/** A fleet that ends with the test, and must leave nothing behind. */
export class FleetUnderTest {
  readonly directory: string;
  readonly fleet: Fleet;
  readonly events: FleetEvent[] = [];
  /** Every process there ever was. */
  readonly processes: LedgerEntry[] = [];
  readonly #listed = new Map<number, LedgerEntry>();

  constructor(t: TestContext, services: FleetOptions["services"], rest: Partial<FleetOptions & FleetDeps> = {}) {
    this.directory = temporaryDirectory(t);
    const { tuning, rotation } = rest;
    this.fleet = new Fleet(
      {
        services,
        logDirectory: join(this.directory, "logs"),
        controlSocket: join(this.directory, "c.sock"),
        ...(tuning === undefined ? {} : { tuning }),
      },
      {
        environment: rest.environment ?? (() => process.env as Record<string, string>),
        ledger: {
          add: (entry) => {
            this.processes.push(entry);
            this.#listed.set(entry.identity.pid, entry);
          },
          remove: (pid) => void this.#listed.delete(pid),
        },
        ...(rotation === undefined ? {} : { rotation }),
      },
    );
    this.fleet.onEvent((event) => this.events.push(event));
    t.after(async () => {
      await this.fleet.stop();
      this.assertClean();
    });
  }

  get fixtures(): string {
    return fixtures;
  }

  assertClean(): void {
    assert.deepEqual([...this.#listed.values()], [], "the ledger is empty");
    const left = this.processes.filter(({ identity }) => isSameProcess(identity));
    assert.deepEqual(left, [], "no process is left");
  }

  ready(service: string): FleetUpstream[] {
    return this.upstreams(service).filter(({ state, healthy }) => state === "ready" && healthy);
  }

  upstreams(service: string): FleetUpstream[] {
    return this.fleet.upstreams()[service] ?? [];
  }

  instances(service: string) {
    return this.fleet.status().find(({ name }) => name === service)?.instances ?? [];
  }

  states(service: string): string[] {
    return this.instances(service).map(({ id, state }) => `${id} ${state}`);
  }

  types(instance: string): string[] {
    return this.events.filter((event) => event.instance === instance).map(({ type }) => type);
  }

  /** Asks again at each change, and now and then. */
  until<T>(ask: () => T | undefined | false, what: string): Promise<T> {
    return poll(
      () => {
        const answer = ask();
        return answer === false ? undefined : answer;
      },
      {
        everyMs: 10,
        deadlineMs: 30_000,
        onTimeout: () => new Error(`${what}: ${JSON.stringify(this.fleet.status())}`),
      },
    );
  }
}
