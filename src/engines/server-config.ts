import { createHash } from "node:crypto";

/** What a server's configuration depends on. */
export interface ServerSettings {
  readonly port: number;
  readonly maxConnections: number;
  /** Of the machine, bytes. */
  readonly memoryBytes: number;
  /** Given: a replica. */
  readonly standby?: StandbySettings;
}

export interface StandbySettings {
  readonly primaryPort: number;
  readonly slot: string;
  /** A .pgpass file: the password stays out of `show primary_conninfo`. */
  readonly passwordFile: string;
}

export const roles = { admin: "tenfold_admin", replication: "tenfold_replication", app: "tenfold" } as const;

const MiB = 1_048_576;

/**
 * `postgresql.conf`, whole. Durability (fsync, synchronous_commit, full_page_writes) stays as it is: on. Everything that a
 * standby must not have less of than its primary is equal on all.
 */
export function toServerConfig(settings: ServerSettings): string {
  const memoryMiB = settings.memoryBytes / MiB;
  const lines: [string, string | number][] = [
    ["listen_addresses", "'127.0.0.1'"],
    ["port", settings.port],
    ["unix_socket_directories", "''"],
    ["max_connections", settings.maxConnections],
    ["password_encryption", "'scram-sha-256'"],
    ["shared_preload_libraries", "'pg_stat_statements'"],
    ["shared_buffers", `'${clamp(Math.round(memoryMiB / 16), 64, 1024)}MB'`],
    ["effective_cache_size", `'${clamp(Math.round(memoryMiB / 2), 128, 65_536)}MB'`],
    ["maintenance_work_mem", "'64MB'"],
    ["work_mem", "'8MB'"],
    ["random_page_cost", 1.1],
    ["jit", "off"],
    ["wal_level", "logical"],
    ["max_wal_size", "'2GB'"],
    ["max_wal_senders", 20],
    ["max_replication_slots", 20],
    // A replica that is away for longer than this much WAL is rebuilt, rather than letting it fill the primary's disk.
    ["max_slot_wal_keep_size", "'1GB'"],
    ["wal_keep_size", "'64MB'"],
    ["hot_standby_feedback", "on"],
    ["wal_receiver_status_interval", "'1s'"],
    ["wal_retrieve_retry_interval", "'200ms'"],
    ["track_io_timing", "on"],
    ["timezone", "'UTC'"],
    ["log_timezone", "'UTC'"],
    ["log_checkpoints", "off"],
    ["lc_messages", "'C'"],
    ["default_text_search_config", "'pg_catalog.english'"],
  ];
  const { standby } = settings;
  if (standby !== undefined) {
    lines.push(
      ["primary_conninfo", quote(toConninfo(standby))],
      ["primary_slot_name", quote(standby.slot)],
      ["recovery_target_timeline", "'latest'"],
    );
  }
  const header = "# Written by Tenfold at each start. `alter system` is kept: it has its own file.\n";
  return header + lines.map(([name, value]) => `${name} = ${value}\n`).join("");
}

/** `pg_hba.conf`: loopback, passwords, and for each role only what it is for. */
export function toAccessRules(): string {
  return [
    "# Written by Tenfold at each start.",
    `host replication ${roles.replication} 127.0.0.1/32 scram-sha-256`,
    `host all ${roles.replication} 0.0.0.0/0 reject`,
    "host all all 127.0.0.1/32 scram-sha-256",
    "",
  ].join("\n");
}

/** Equal for servers that may be taken over as they run. */
export function fingerprint(version: string, ...contents: readonly string[]): string {
  const hash = createHash("sha256").update(version);
  for (const content of contents) hash.update("\0").update(content);
  return hash.digest("hex");
}

function toConninfo({ primaryPort, slot, passwordFile }: StandbySettings): string {
  const parts = {
    host: "127.0.0.1",
    port: String(primaryPort),
    user: roles.replication,
    application_name: slot,
    passfile: passwordFile,
    sslmode: "disable",
    connect_timeout: "5",
  };
  return Object.entries(parts)
    .map(([key, value]) => `${key}='${value.replace(/[\\']/g, "\\$&")}'`)
    .join(" ");
}

const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
