import { rm } from "node:fs/promises";
import { withConnection } from "./connection.ts";
import { assertUsable, inspectDataDirectory } from "./data-directory.ts";
import { primaryMissing } from "./errors.ts";
import { initializeDatabase } from "./initialize.ts";
import { prepareDatabase } from "./prepare-database.ts";
import type { Servers } from "./servers.ts";

/** Makes the primary's database when there is none yet, starts it, and brings it to what an application expects. */
export async function startPrimary(servers: Servers, signal?: AbortSignal): Promise<void> {
  const { site } = servers;
  const { primary, replicas } = servers.topology;
  const path = site.folder.data(primary);
  const found = await inspectDataDirectory(path);
  assertUsable(path, found, site.binaries.major);
  if (found.kind === "absent") {
    if (servers.topology.isInitialized) {
      throw primaryMissing(
        path,
        Object.values(replicas).map((node) => site.folder.data(node)),
      );
    }
    servers.progress("making a new Postgres database");
    const how = { ...site, runAs: site.initdbAs, adminPassword: site.credentials.admin };
    await initializeDatabase(primary, how, signal);
  }
  if (!servers.topology.isInitialized) {
    await servers.changeTopology((topology) => ({ ...topology, isInitialized: true }));
  }
  // A promotion that was cut off is completed here: from the moment it is in the topology, it counts.
  await rm(servers.copyMarkOf(primary), { force: true });
  await servers.startNode("primary", servers.createNode(primary), signal);
  await promoteIfStandby(servers);
  await prepareDatabase(servers.adminEndpoint(servers.primary.port), site.credentials);
}

/** Resolves when the server takes writes. */
export async function promoteIfStandby(servers: Servers): Promise<void> {
  const endpoint = { ...servers.adminEndpoint(servers.primary.port), database: "postgres" };
  await withConnection(endpoint, (client) => client.query("select pg_promote(true, 60) where pg_is_in_recovery()"), {
    queryMs: 70_000,
  });
}
