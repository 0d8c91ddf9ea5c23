/** What a server says of itself, asked of each new connection and again by the watch. */
import type { Client } from "pg";
import { endOfLastRecord, type Position, parseLsn } from "../lsn.ts";

export interface ServerIdentity extends Position {
  /** The same on a primary and all its replicas. Decimal. */
  readonly system: string;
  readonly isStandby: boolean;
  /** `server_version_num`: 180004. */
  readonly version: number;
  /** Somebody stands between: the backend is not the one that the connection was told of. */
  readonly hasPooler: boolean;
}

/**
 * One question to whatever is at the other end, in a single row; reads no table. A primary is as far as it has inserted records, a standby as far as
 * it has replayed them.
 *
 * The timeline: of a primary it stands in the name of the WAL file; a standby's is the one that it receives, as far as the user may see that
 * (pg_read_all_stats), else the one of its last restart point, which may be behind for minutes after a promotion: then it counts as not known to have
 * followed, and is not read from.
 */
export const identify = `
  select s.standby, c.system_identifier::text as system, pg_backend_pid() as pid,
         current_setting('server_version_num')::int as version,
         case when s.standby
              then coalesce((select received_tli from pg_stat_wal_receiver), (select timeline_id from pg_control_checkpoint()))
              else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end as timeline,
         case when s.standby then coalesce(pg_last_wal_replay_lsn(), '0/0') else pg_current_wal_insert_lsn() end::text as lsn
    from (select pg_is_in_recovery() as standby) s, pg_control_system() c`;

/** Where a primary is after a commit: whoever has replayed this has the commit. Fails on a standby. */
export const position = `
  select ('x' || left(pg_walfile_name(l.lsn), 8))::bit(32)::int as timeline, l.lsn::text
    from (select pg_current_wal_insert_lsn() as lsn) l`;

interface IdentityRow {
  readonly standby: boolean;
  readonly system: string;
  readonly pid: number;
  readonly version: number;
  readonly timeline: number;
  readonly lsn: string;
}

export interface PositionRow {
  readonly timeline: number;
  readonly lsn: string;
}

export async function readIdentity(client: Client): Promise<ServerIdentity> {
  const { rows } = await client.query<IdentityRow>({ text: identify });
  const { standby, system, pid, version, ...place } = rows[0]!;
  // Told at the connection's beginning; the types of pg do not know it.
  const told = (client as Client & { readonly processID?: number | null }).processID;
  return { ...toPosition(place, standby), system, version, isStandby: standby, hasPooler: told !== pid };
}

export function toPosition({ timeline, lsn }: PositionRow, isStandby: boolean): Position {
  const at = parseLsn(lsn) ?? 0;
  return { timeline, lsn: isStandby ? at : endOfLastRecord(at) };
}
