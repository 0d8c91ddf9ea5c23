/** Everything that must be in place before a server runs: binaries, folder, user, passwords, and who plays which role. */
import { join } from "node:path";
import { type Binaries, findBinaries } from "./binaries.ts";
import { type Claim, claimDirectory } from "./claim.ts";
import { type Credentials, generateCredentials, readCredentials } from "./credentials.ts";
import { credentialsMissing, directoryForeign, explainFileError, stateUnreadable } from "./errors.ts";
import { type RunAs, runAs, runInitdbAs, userFor } from "./run-as.ts";
import { roles } from "./server-config.ts";
import { StateFolder } from "./state-folder.ts";
import { firstTopology, readTopology, type Topology } from "./topology.ts";

export interface Site {
  readonly folder: StateFolder;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly initdbAs: RunAs;
  readonly credentials: Credentials;
  readonly topology: Topology;
  readonly claim: Claim;
}

/** @param directory as configured */
export async function openSite(directory: string): Promise<Site> {
  try {
    return await claimAndOpen(directory);
  } catch (error) {
    throw explainFileError(error, directory);
  }
}

async function claimAndOpen(directory: string): Promise<Site> {
  const binaries = await findBinaries();
  const known = await readTopology(join(directory, "topology.json"));
  const user = userFor(join(directory, known?.primary ?? firstTopology.primary));
  const folder = await StateFolder.open(directory, user);
  if (known === undefined) await assertOwnFolder(folder);
  const claim = await claimDirectory(folder.root);
  try {
    // Read again: what held the claim before may have changed it.
    const topology = (await readTopology(folder.topologyFile)) ?? firstTopology;
    await folder.removeUnfinished();
    await folder.makeFolder(folder.logs);
    const executables = [binaries.initdb, binaries.postgres];
    const data = folder.data(topology.primary);
    const servers = runAs(user, data, executables);
    const credentials = await openCredentials(folder);
    await folder.write(folder.passwordFile, `127.0.0.1:*:*:${roles.replication}:${credentials.replication}\n`);
    return {
      folder,
      binaries,
      runAs: servers,
      initdbAs: runInitdbAs(servers, data, executables),
      credentials,
      topology,
      claim,
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** Nothing is known of the folder: it must be empty but for what an interrupted first start left. */
async function assertOwnFolder(folder: StateFolder): Promise<void> {
  const foreign = await folder.findForeign();
  if (foreign !== undefined) throw directoryForeign(folder.root, foreign);
  const nodes = await folder.nodes();
  if (nodes.some((node) => node !== firstTopology.primary)) {
    throw stateUnreadable(
      folder.topologyFile,
      `it is missing, and which of ${nodes.join(", ")} is the primary is not known`,
    );
  }
}

async function openCredentials(folder: StateFolder): Promise<Credentials> {
  const found = await readCredentials(folder.credentialsFile);
  if (found !== undefined) return found;
  if ((await folder.nodes()).length > 0) throw credentialsMissing(folder.credentialsFile);
  const credentials = generateCredentials();
  await folder.write(folder.credentialsFile, JSON.stringify(credentials));
  return credentials;
}
