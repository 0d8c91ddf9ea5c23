/** A platform to be killed: tells its progress, starts the cluster given as its argument, writes a note, tells the servers' pids, and waits. */
import { PostgresCluster, type PostgresOptions } from "../../src/engines/index.ts";
import { query } from "./engines.ts";

const cluster = new PostgresCluster(JSON.parse(process.argv[2]!) as PostgresOptions, {
  onProgress: (message) => void process.stdout.write(`# ${message}\n`),
});
await cluster.start();
await query(cluster.url, "create table if not exists notes (body text)");
await query(cluster.url, "truncate notes");
await query(cluster.url, "insert into notes values ('of the killed run')");
const pids = (await cluster.status()).map(({ pid }) => pid);
process.stdout.write(`${JSON.stringify(pids)}\n`);
setInterval(() => {}, 1_000);
