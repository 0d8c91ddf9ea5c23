import type { ResolvedGateway } from "../config/index.ts";
import { createRequestIds, createTrust } from "../http/index.ts";
import type { Reception } from "./inbound-request.ts";

/** Stands for the service of the listener at which other gateway processes ask. */
export const fellow = Symbol("fellow gateways");

/** Whose requests come in somewhere: everybody's, by routes; those of instances of our own for one service; other gateway processes'. */
export type Callers = string | typeof fellow | undefined;

/** How requests are read, by whose they are. As long as the settings stay, it is the same object. */
export class Receptions {
  readonly #nextRequestId = createRequestIds();
  readonly #byCallers = new Map<Callers, Reception>();
  #settings: ResolvedGateway;

  constructor(settings: ResolvedGateway) {
    this.#settings = settings;
  }

  apply(settings: ResolvedGateway): void {
    if (JSON.stringify(settings) !== JSON.stringify(this.#settings)) this.#byCallers.clear();
    this.#settings = settings;
  }

  of(callers: Callers): Reception {
    let reception = this.#byCallers.get(callers);
    if (reception === undefined) this.#byCallers.set(callers, (reception = this.#compile(callers)));
    return reception;
  }

  #compile(callers: Callers): Reception {
    const { maxHeadBytes, maxBodyBytes, trustedProxies, keepAliveTimeoutMs } = this.#settings;
    const isFellow = callers === fellow;
    return {
      maxHeadBytes,
      maxBodyBytes,
      maxTargetLength: maxHeadBytes / 2,
      service: isFellow ? undefined : callers,
      isFellow,
      // The word of instances of our own counts.
      isTrusted: callers === undefined || isFellow ? createTrust(trustedProxies) : () => true,
      nextRequestId: this.#nextRequestId,
      keepAliveLines: `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1_000)}\r\n`,
    };
  }
}
