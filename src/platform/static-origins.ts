import type { ResolvedStatic } from "../config/index.ts";
import {
  type Origins,
  type ServiceSnapshot,
  type Snapshot,
  socketBeside,
  type UpstreamSnapshot,
} from "../gateway/index.ts";
import { messageOf } from "../kernel/index.ts";
import { StaticServer } from "../staticfiles/index.ts";

/**
 * The files of static services, as origins inside the gateway's process: each service has a server on a unix socket, which becomes its one
 * upstream. So a file takes the same way as any other answer, through routing, cache, limits, figures and log.
 */
export class StaticOrigins implements Origins {
  readonly #controlPath: string;
  readonly #servers = new Map<string, StaticServer>();
  /** Not in the snapshot that was prepared last, but perhaps in the one that is in effect, or asked by what began before it. */
  #leaving: StaticServer[] = [];
  #count = 0;

  /** @param controlPath of the gateway's process: the sockets stand beside it */
  constructor(controlPath: string) {
    this.#controlPath = controlPath;
  }

  async prepare(snapshot: Snapshot): Promise<Snapshot> {
    const services: Record<string, ServiceSnapshot> = {};
    for (const [name, service] of Object.entries(snapshot.services)) {
      const { static: site } = service;
      services[name] = site === undefined ? service : { ...service, upstreams: [await this.#upstream(name, site)] };
    }
    for (const [name, server] of this.#servers) {
      if (services[name]?.static !== undefined) continue;
      this.#servers.delete(name);
      this.#leaving.push(server);
    }
    return { ...snapshot, services };
  }

  settle(): void {
    this.#leaving = this.#leaving.filter(({ isRunning }) => isRunning);
    for (const server of this.#leaving) server.retire();
  }

  stop(): void {
    for (const server of [...this.#servers.values(), ...this.#leaving]) void server.stop();
  }

  async #upstream(name: string, site: ResolvedStatic): Promise<UpstreamSnapshot> {
    const server = this.#servers.get(name) ?? (await this.#start(name, site));
    server.update(site);
    return {
      id: `${name}-files`,
      origin: "http://localhost",
      socketPath: server.socketPath,
      weight: 1,
      state: "ready",
      healthy: true,
      // It needs no time to warm up.
      readyAt: 0,
    };
  }

  async #start(name: string, site: ResolvedStatic): Promise<StaticServer> {
    const server = new StaticServer(socketBeside(this.#controlPath, this.#count++), site, {
      onError: (error) => process.stderr.write(`a file of ${name} could not be read: ${messageOf(error)}\n`),
    });
    await server.start();
    this.#servers.set(name, server);
    return server;
  }
}
