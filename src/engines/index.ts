export { type Binaries, findBinaries } from "./binaries.ts";
export { PostgresCluster } from "./cluster.ts";
export { checkDatabaseUrl, type CheckedDatabase } from "./database-url.ts";
export type { LedgerEntry, ProcessLedger } from "./ledger.ts";
export type { NodeChange, NodeState, NodeStatus, PostgresDeps, PostgresOptions } from "./options.ts";
