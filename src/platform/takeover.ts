import { type GatewayAddress, OrphanedGateway } from "../gateway/index.ts";
import { isSameProcess } from "../kernel/index.ts";
import { endAll } from "./ending.ts";
import { doesNotAnswer } from "./errors.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import type { PurgeTarget } from "./purge-everywhere.ts";

/**
 * What a killed platform has left, and how the next one takes over from it:
 *
 *   its gateways are attended, so that they serve on however long the start takes → each hands its listening sockets on to the
 *   new one of its name → when that serves, on the same ports, gateways and then instances are ended, in order
 */
export class Takeover {
  readonly entries: readonly LedgerEntry[];
  #gateways: readonly Found[] = [];

  constructor(entries: readonly LedgerEntry[]) {
    this.entries = entries;
  }

  /** A gateway that does not answer is ended like the others, but what waits in its sockets then is lost. */
  async begin(): Promise<void> {
    const found = await Promise.all(
      this.entries.map(async ({ name, identity, gateway }): Promise<Found | undefined> => {
        const orphan = gateway === undefined ? undefined : await OrphanedGateway.find(gateway.controlPath);
        return orphan === undefined ? undefined : { name, pid: identity.pid, since: gateway!.since, orphan };
      }),
    );
    this.#gateways = found.filter((each) => each !== undefined).toSorted((a, b) => b.since - a.since);
  }

  /** Newest first: it has what those before it had. */
  predecessors(name: string): OrphanedGateway[] {
    return this.#gateways.filter((each) => each.name === name).map(({ orphan }) => orphan);
  }

  /** Service → port of its internal listener. Instances of the earlier platform, which have requests to finish, know only these. */
  get internalPorts(): Record<string, number> {
    const ports = this.#addresses().map(({ service, port }) => [service, port] as const);
    return Object.fromEntries(ports.filter(([service]) => service !== undefined));
  }

  /** Where clients find the gateways. */
  get publicPort(): number | undefined {
    return this.#addresses().find(({ service }) => service === undefined)?.port;
  }

  /** Gateways that have not ended: they still answer the clients that they have. */
  purgeTargets(): PurgeTarget[] {
    return this.entries
      .filter(({ gateway, identity }) => gateway !== undefined && isSameProcess(identity))
      .map(({ name, identity }) => ({
        gateway: name,
        pid: identity.pid,
        purge: async (order) => {
          try {
            const found = this.#gateways.find(({ pid }) => pid === identity.pid);
            if (found === undefined) throw doesNotAnswer(name);
            return await found.orphan.purge(order);
          } catch (error) {
            if (isSameProcess(identity)) throw error;
            return undefined;
          }
        },
      }));
  }

  /** Returns the names of what was ended. */
  async end(ledger: Ledger, pidsInUse: readonly (number | undefined)[]): Promise<string[]> {
    const old = this.entries.filter(({ identity }) => !pidsInUse.includes(identity.pid));
    await endAll(old, ledger);
    for (const { orphan } of this.#gateways) orphan.release();
    return old.map(({ name }) => name);
  }

  #addresses(): GatewayAddress[] {
    return this.#gateways.flatMap(({ orphan }) => orphan.addresses);
  }
}

interface Found {
  readonly name: string;
  readonly pid: number;
  readonly since: number;
  readonly orphan: OrphanedGateway;
}
