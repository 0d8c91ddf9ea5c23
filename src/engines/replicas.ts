import { copyBase } from "./base-copy.ts";
import { readControlFile } from "./control-file.ts";
import { inspectDataDirectory } from "./data-directory.ts";
import { replicaCannotFollow } from "./errors.ts";
import { syncDirectory } from "./initialize.ts";
import { awaitStreaming, createSlot, dropSlotsExcept, listUsableSlots, slotOf } from "./replication.ts";
import type { Servers } from "./servers.ts";
import { nextNode, planReplicas } from "./topology.ts";

/** Brings the replicas to the number wanted, each following the running primary. Those that cannot follow are built anew. */
export async function arrangeReplicas(servers: Servers, signal?: AbortSignal): Promise<void> {
  const plan = planReplicas(servers.topology, servers.options.replicas, await listCopies(servers));
  for (const name of plan.remove) await removeReplica(servers, name);
  const usable = await servers.asAdmin(listUsableSlots);
  const resumed = await Promise.all(plan.keep.map((name) => resumeReplica(servers, name, usable, signal)));
  const lost = plan.keep.filter((_, index) => !resumed[index]);
  for (const name of [...lost, ...plan.build].toSorted()) await buildReplica(servers, name, signal);
  await dropUnusedSlots(servers);
}

/** Directories without a role: of a promotion or a removal. Their servers are ended; copies are deleted. */
export async function removeStrays(servers: Servers): Promise<void> {
  const { primary, replicas } = servers.topology;
  const inRole = new Set([primary, ...Object.values(replicas)]);
  const strays = (await servers.site.folder.nodes()).filter((node) => !inRole.has(node));
  for (const node of strays) await servers.retireNode(servers.createNode(node));
}

/** Makes a copy of the primary, and starts it as a replica in place of what had the name before. */
export async function buildReplica(servers: Servers, name: string, signal?: AbortSignal): Promise<void> {
  servers.progress(`building ${name}`);
  await removeReplica(servers, name);
  const { folder } = servers.site;
  const node = nextNode(await folder.nodes());
  const slot = slotOf(node);
  await servers.asAdmin(
    async (client) => {
      await createSlot(client, slot);
      const sync = (path: string): Promise<void> => syncDirectory(path, servers.site);
      await copyBase(client, { folder, from: servers.topology.primary, to: node, sync }, signal);
    },
    { queryMs: 0 },
  );
  await servers.changeTopology((topology) => ({ ...topology, replicas: { ...topology.replicas, [name]: node } }));
  const replica = servers.createNode(node);
  await servers.startNode(name, replica, signal);
  if (!(await servers.asAdmin((client) => awaitStreaming(client, slot, signal)))) {
    throw replicaCannotFollow(name, await replica.tailLog());
  }
}

/** Builds those anew whose slot the bound on kept WAL has cost them; for a running cluster, now and then. */
export async function rebuildLost(servers: Servers, signal?: AbortSignal): Promise<void> {
  const usable = new Set(await servers.asAdmin(listUsableSlots));
  for (const [name, node] of Object.entries(servers.topology.replicas)) {
    if (!usable.has(slotOf(node))) await buildReplica(servers, name, signal);
  }
}

/** `false`: it must be built anew. It is a copy: nothing is lost but the time. */
async function resumeReplica(
  servers: Servers,
  name: string,
  usableSlots: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  const node = servers.topology.replicas[name]!;
  const slot = slotOf(node);
  if (!usableSlots.includes(slot) || !(await isCopyOfPrimary(servers, node))) return false;
  try {
    const isRunning = servers.nodes.get(name)?.state === "ready";
    if (!isRunning) await servers.startNode(name, servers.createNode(node), signal);
    return await servers.asAdmin((client) => awaitStreaming(client, slot, signal));
  } catch (error) {
    signal?.throwIfAborted();
    servers.progress(`${name} does not start: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function removeReplica(servers: Servers, name: string): Promise<void> {
  const node = servers.topology.replicas[name];
  if (node === undefined) return;
  await servers.retireNode(servers.nodes.get(name) ?? servers.createNode(node));
  servers.nodes.delete(name);
  await servers.changeTopology(({ replicas: { [name]: _removed, ...replicas }, ...topology }) => ({
    ...topology,
    replicas,
  }));
}

async function dropUnusedSlots(servers: Servers): Promise<void> {
  const used = Object.values(servers.topology.replicas).map(slotOf);
  await servers.asAdmin((client) => dropSlotsExcept(client, used));
}

async function isCopyOfPrimary(servers: Servers, node: string): Promise<boolean> {
  const [primary, copy] = await Promise.all(
    [servers.topology.primary, node].map((each) => readControlFile(servers.site.folder.data(each))),
  );
  return copy !== undefined && copy.systemId === primary?.systemId;
}

async function listCopies(servers: Servers): Promise<string[]> {
  const { folder, binaries } = servers.site;
  const copies: string[] = [];
  for (const node of await folder.nodes()) {
    const found = await inspectDataDirectory(folder.data(node));
    if (found.kind === "database" && found.isCopy && found.major === binaries.major) copies.push(node);
  }
  return copies;
}
