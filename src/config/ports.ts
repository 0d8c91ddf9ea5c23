import { once } from "node:events";
import { createServer } from "node:net";
import { codeOf, messageOf } from "../kernel/index.ts";
import { findPortHolders, type PortHolder } from "./port-holder.ts";
import type { Problem } from "./problem.ts";
import type { ResolvedConfig } from "./resolved.ts";

export interface PortCheckOptions {
  /** Processes that will give their ports up: those of a platform that is taken over. */
  readonly exceptPids?: readonly number[];
}

/** Asks the system whether the gateway's and the control API's ports can be had, by taking each for a moment. */
export async function checkPorts(
  { gateway, control }: Pick<ResolvedConfig, "gateway" | "control">,
  { exceptPids = [] }: PortCheckOptions = {},
): Promise<Problem[]> {
  const gatewayProblem = await checkPort("gateway", "--port", gateway, exceptPids);
  const controlProblem = await checkPort("control", "--control-port", control, exceptPids);
  return [gatewayProblem, controlProblem].filter((problem) => problem !== undefined);
}

interface Address {
  readonly host: string;
  readonly port: number;
}

async function checkPort(
  section: string,
  flag: string,
  address: Address,
  exceptPids: readonly number[],
): Promise<Problem | undefined> {
  const failure = await tryToListen(address);
  if (failure === undefined) return undefined;
  const { host, port } = address;
  const code = codeOf(failure);
  if (code === "EADDRINUSE") {
    const holders = findPortHolders(port);
    if (isGivenUp(holders, exceptPids)) return undefined;
    return {
      path: `${section}.port`,
      found: `port ${port}, which ${holders.length === 0 ? "another process" : holderText(holders)} holds`,
      expected: "a free port",
      hint: `end that process, choose another port, or \`${flag} 0\` for any free one`,
    };
  }
  if (code === "EACCES") {
    const hint = `\`${flag} 0\` takes any free one`;
    return {
      path: `${section}.port`,
      found: `port ${port}, which this user may not open`,
      expected: "a port from 1024",
      hint,
    };
  }
  const reason =
    code === "EADDRNOTAVAIL" || code === "ENOTFOUND" ? "which is no address of this machine" : messageOf(failure);
  return {
    path: `${section}.host`,
    found: `"${host}", ${reason}`,
    expected: '"127.0.0.1", "0.0.0.0", or an address of this machine',
  };
}

/** A socket counts as theirs when one of them has it: they hand it on, and whom they had just given it to may not be known yet. */
function isGivenUp(holders: readonly PortHolder[], pids: readonly number[]): boolean {
  const given = new Set(holders.filter(({ pid }) => pids.includes(pid)).flatMap(({ sockets }) => sockets));
  return holders.length > 0 && holders.every(({ sockets }) => sockets.every((socket) => given.has(socket)));
}

function holderText(holders: readonly PortHolder[]): string {
  const [{ pid, command }] = holders as [PortHolder];
  const others = holders.length === 1 ? "" : ` and ${holders.length - 1} more`;
  return `process ${pid}${command === "" ? "" : ` (${command})`}${others}`;
}

async function tryToListen({ host, port }: Address): Promise<unknown> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
    return undefined;
  } catch (error) {
    return error;
  } finally {
    server.close();
  }
}
