/**
 * A replica takes the primary's place, and its port: no URL changes, clients reconnect and go on.
 *
 *  1. The old primary is stopped. A server that shuts down in order sends its replicas all of its WAL first.
 *  2. The new roles are written to disk. From here on a start completes the promotion (`startPrimary`).
 *  3. Did the replica get everything, up to the old primary's last checkpoint record? Then the old directory holds nothing of its own
 *     and is marked as a copy, to be replaced. If not (it had crashed, or the replica lagged), it is kept, and nobody deletes it.
 *  4. `pg_promote`; then a restart on the primary's port, with a primary's configuration.
 *  5. The other replicas, which know the primary by its port, follow; and a new replica takes the name that became free.
 */
import { writeFile } from "node:fs/promises";
import type { Client } from "pg";
import { poll } from "../kernel/index.ts";
import { withConnection } from "./connection.ts";
import { parseLsn, readControlFile } from "./control-file.ts";
import { unknownReplica } from "./errors.ts";
import { timing } from "./options.ts";
import type { PostgresNode } from "./postgres-node.ts";
import { promoteIfStandby, startPrimary } from "./primary.ts";
import { arrangeReplicas, removeStrays } from "./replicas.ts";
import { createSlot, slotOf } from "./replication.ts";
import type { Servers } from "./servers.ts";
import { promoted } from "./topology.ts";

export async function promoteReplica(servers: Servers, name: string, signal?: AbortSignal): Promise<void> {
  const replica = servers.nodes.get(name);
  if (name === "primary" || replica?.state !== "ready") throw unknownReplica(name, readyReplicas(servers));
  const old = servers.primary;
  await old.stop();
  const isComplete = await hasEverything(servers, replica, old.node);
  await servers.changeTopology((topology) => promoted(topology, name));
  servers.nodes.delete(name);
  if (isComplete) await markAsCopy(servers, old.node);

  servers.nodes.set("primary", replica);
  await promoteIfStandby(servers);
  await servers.asAdmin((client) => createSlots(servers, client));
  await replica.stop();
  await startPrimary(servers, signal);
  await removeStrays(servers);
  await arrangeReplicas(servers, signal);
}

function readyReplicas(servers: Servers): string[] {
  return [...servers.nodes]
    .filter(([name, { state }]) => name !== "primary" && state === "ready")
    .map(([name]) => name);
}

async function hasEverything(servers: Servers, replica: PostgresNode, old: string): Promise<boolean> {
  const control = await readControlFile(servers.site.folder.data(old));
  if (control === undefined || !control.isShutDown) return false;
  return await withConnection(servers.adminEndpoint(replica.port), (client) => {
    const hasArrived = async (): Promise<true | undefined> =>
      (await receivedLsn(client)) > control.checkpoint ? true : undefined;
    const late = new Error("the replica did not get everything");
    return poll(hasArrived, { everyMs: timing.pollMs, deadlineMs: timing.connectMs, onTimeout: () => late });
  }).catch(() => false);
}

async function receivedLsn(client: Client): Promise<bigint> {
  const { rows } = await client.query<{ lsn: string | null }>(
    "select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) as lsn",
  );
  return parseLsn(rows[0]!.lsn ?? "0/0");
}

async function createSlots(servers: Servers, client: Client): Promise<void> {
  for (const node of Object.values(servers.topology.replicas)) await createSlot(client, slotOf(node));
}

async function markAsCopy(servers: Servers, node: string): Promise<void> {
  const path = servers.copyMarkOf(node);
  await writeFile(path, JSON.stringify({ replacedBy: servers.topology.primary }), { mode: 0o600 });
  await servers.site.folder.makeOwn(path);
}
