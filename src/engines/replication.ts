/** What is asked of a primary about its replicas. Slots are named after the replica's directory. */
import type { Client } from "pg";
import { poll, systemClock } from "../kernel/index.ts";
import { timing } from "./options.ts";

const prefix = "tenfold_node_";

/** `"node-2"` → `"tenfold_node_2"`: slots know no hyphen. */
export const slotOf = (node: string): string => prefix + node.replace("node-", "");

export interface Lag {
  readonly bytes: number;
  readonly ms: number;
}

/** WAL is kept from now on. */
export async function createSlot(client: Client, slot: string): Promise<void> {
  await dropSlots(client, [slot]);
  await client.query("select pg_create_physical_replication_slot($1, true)", [slot]);
}

/** Slots of Tenfold's that can serve a replica: those that have not lost WAL to the bound on kept WAL. */
export async function listUsableSlots(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ slot_name: string }>(
    `select slot_name from pg_replication_slots
      where slot_type = 'physical' and starts_with(slot_name, $1) and wal_status is distinct from 'lost'`,
    [prefix],
  );
  return rows.map(({ slot_name }) => slot_name);
}

export async function dropSlotsExcept(client: Client, keep: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ slot_name: string }>(
    "select slot_name from pg_replication_slots where starts_with(slot_name, $1) and slot_name <> all ($2)",
    [prefix, keep],
  );
  await dropSlots(
    client,
    rows.map(({ slot_name }) => slot_name),
  );
}

/** A slot is busy until its walsender has noticed that the replica is gone: it is told so. */
async function dropSlots(client: Client, slots: readonly string[]): Promise<void> {
  for (const slot of slots) {
    await poll(
      async () => {
        const { rows } = await client.query<{ active_pid: number | null }>(
          "select active_pid from pg_replication_slots where slot_name = $1",
          [slot],
        );
        if (rows.length === 0) return true;
        if (rows[0]!.active_pid === null) await client.query("select pg_drop_replication_slot($1)", [slot]);
        else await client.query("select pg_terminate_backend($1)", [rows[0]!.active_pid]);
        return undefined;
      },
      { everyMs: timing.pollMs, deadlineMs: timing.streamingMs, onTimeout: () => new Error(`slot ${slot} stays busy`) },
    );
  }
}

/** By slot, the replicas that receive WAL now. */
export async function readLag(client: Client): Promise<Map<string, Lag>> {
  const { rows } = await client.query<{ slot: string; bytes: string | null; ms: string | null }>(
    `select application_name as slot, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) as bytes,
            extract(epoch from replay_lag) * 1000 as ms
       from pg_stat_replication where state in ('streaming', 'catchup') and starts_with(application_name, $1)`,
    [prefix],
  );
  return new Map(rows.map(({ slot, bytes, ms }) => [slot, { bytes: Number(bytes ?? 0), ms: Number(ms ?? 0) }]));
}

/** `false`: it does not follow within the time that a healthy one needs. */
export async function awaitStreaming(client: Client, slot: string, signal?: AbortSignal): Promise<boolean> {
  const end = systemClock.monotonic() + timing.streamingMs;
  while (!(await readLag(client)).has(slot)) {
    if (systemClock.monotonic() > end) return false;
    await systemClock.sleep(timing.pollMs * 2, signal);
  }
  return true;
}
