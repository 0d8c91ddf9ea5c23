import { Gateway } from "../../../src/gateway/index.ts";
import { snapshotOf, upstream } from "../gateway-fixtures.ts";
import { limits } from "./limits.ts";

/** A gateway that is looked at from outside, or something that claims to be one. */
export interface Subject extends AsyncDisposable {
  readonly port: number;
  /** Of clients, open at the moment. */
  readonly connections: () => number;
  /** Requests that it has served on its fast path, if it has one. */
  readonly fast?: () => number;
}

/** Where its only origin listens. */
export interface OriginAddress {
  readonly port: number;
  readonly socketPath?: string;
}

export type StartSubject = (origin: OriginAddress) => Promise<Subject>;

export const gatewayOn =
  (path: "fast" | "full"): StartSubject =>
  async ({ port, socketPath }) => {
    const gateway = new Gateway({ random: () => 0.5 });
    await gateway.start(
      snapshotOf({
        upstreams: [upstream("api-1", port, socketPath === undefined ? {} : { socketPath })],
        // No budget: what becomes of a request must not depend on those before it.
        service: { retries: { attempts: 3, budget: Number.MAX_SAFE_INTEGER } },
        settings: {
          maxHeadBytes: limits.maxHeadBytes,
          maxBodyBytes: limits.maxBodyBytes,
          // Long enough that no case comes near it.
          headTimeoutMs: 60_000,
          fastPath: path === "fast",
        },
      }),
    );
    return {
      port: gateway.addresses()[0]!.port,
      connections: () => gateway.figures().connections,
      fast: () => gateway.figures().paths.fast,
      [Symbol.asyncDispose]: () => gateway.stop(),
    };
  };
