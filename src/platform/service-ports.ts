import { findFreePorts } from "./free-ports.ts";

/**
 * The ports of the internal listeners, by which services reach each other. A service keeps its port for as long as the platform
 * lives: the others have it in their environment.
 */
export class ServicePorts {
  #ports: Readonly<Record<string, number>> = {};

  get all(): Readonly<Record<string, number>> {
    return this.#ports;
  }

  async allocate(services: readonly string[]): Promise<void> {
    const missing = services.filter((service) => this.#ports[service] === undefined);
    const found = await findFreePorts(missing.length);
    this.#ports = { ...this.#ports, ...Object.fromEntries(missing.map((service, index) => [service, found[index]!])) };
  }
}
