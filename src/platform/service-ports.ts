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

  /** @param held service → port, by gateways of an earlier platform: its instances know these */
  async allocate(services: readonly string[], held: Readonly<Record<string, number>> = {}): Promise<void> {
    const missing = services.filter((service) => this.#ports[service] === undefined);
    const found = await findFreePorts(missing.length);
    const ports = missing.map((service, index) => [service, held[service] ?? found[index]!] as const);
    this.#ports = { ...this.#ports, ...Object.fromEntries(ports) };
  }
}
