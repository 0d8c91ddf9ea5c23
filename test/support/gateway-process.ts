import { join } from "node:path";
import type { TestContext } from "node:test";
import { GatewayProcess, type GatewayProcessOptions } from "../../src/gateway/index.ts";
import { identifyProcess } from "../../src/kernel/index.ts";
import { cleanUp } from "./cleanup.ts";
import { temporaryDirectory } from "./temporary.ts";

export const gatewayProgram = join(import.meta.dirname, "../../src/platform/gateway-main.ts");

/** A gateway in a process of its own, and where it is controlled. It ends with the test. */
export type TestedGateway = GatewayProcess & { readonly controlPath: string };

export function createGatewayProcess(t: TestContext, options: Partial<GatewayProcessOptions> = {}): TestedGateway {
  const controlPath = join(temporaryDirectory(t), "gateway.sock");
  const gateway = new GatewayProcess({
    program: gatewayProgram,
    controlPath,
    orphanGraceMs: 10_000,
    drainMs: 2_000,
    ...options,
  });
  cleanUp(t, () => gateway.stop(0));
  return Object.assign(gateway, { controlPath });
}

/** A process that its parent has not yet taken note of is dead. */
export function isAlive(pid: number): boolean {
  return identifyProcess(pid) !== undefined;
}
