/**
 * The folder on disk: what lies where, and whose it is.
 *
 *     credentials.json        passwords of the three roles, 0600
 *     topology.json           which node plays which role, and the ports
 *     node-1/ node-2/ …       data directories; one that holds `tenfold-copy.json` is a copy that Tenfold made
 *     node-1.process.json     the server process last started there
 *     node-2.building/        a copy that is not complete: removed at the next start
 *     initdb-…/               a database that is not complete: removed at the next start
 *     replication.pgpass      0600
 *     logs/node-1.log         bounded
 *     claim-….json            the platform that runs it
 */
import { chown, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../kernel/index.ts";
import { explainFileError } from "./errors.ts";
import type { User } from "./run-as.ts";

const ownName =
  /^(credentials\.json|topology\.json|replication\.pgpass|logs|node-\d+(\.process\.json|\.building)?|initdb-[0-9a-f]+|claim-.*|.*\.tmp)$/;

export class StateFolder {
  readonly root: string;
  readonly user: User | undefined;

  constructor(root: string, user: User | undefined) {
    this.root = root;
    this.user = user;
  }

  /** Makes the folder when it is missing; the result's paths are real ones. */
  static async open(path: string, user: User | undefined): Promise<StateFolder> {
    try {
      const wasMade = (await mkdir(path, { recursive: true, mode: 0o755 })) !== undefined;
      const folder = new StateFolder(await realpath(path), user);
      if (wasMade) await folder.makeOwn(folder.root);
      return folder;
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  get credentialsFile(): string {
    return join(this.root, "credentials.json");
  }
  get topologyFile(): string {
    return join(this.root, "topology.json");
  }
  get passwordFile(): string {
    return join(this.root, "replication.pgpass");
  }
  get logs(): string {
    return join(this.root, "logs");
  }
  data(node: string): string {
    return join(this.root, node);
  }
  record(node: string): string {
    return join(this.root, `${node}.process.json`);
  }
  log(node: string): string {
    return join(this.logs, `${node}.log`);
  }

  /** Data directories that are there. */
  async nodes(): Promise<string[]> {
    return (await readdir(this.root)).filter((name) => /^node-\d+$/.test(name));
  }

  /** The first thing in it that Tenfold does not put there. */
  async findForeign(): Promise<string | undefined> {
    return (await readdir(this.root)).find((name) => !ownName.test(name));
  }

  /** What a start that was killed has left half-done. Its initdb may still be at it for a moment: hence the retries. */
  async removeUnfinished(): Promise<void> {
    for (const name of await readdir(this.root)) {
      if (/^(initdb-[0-9a-f]+|node-\d+\.building)$/.test(name)) {
        await rm(join(this.root, name), { recursive: true, force: true, maxRetries: 12, retryDelay: 100 });
      }
    }
  }

  async write(path: string, content: string): Promise<void> {
    try {
      await writeFileAtomic(path, content);
      await this.makeOwn(path);
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  async makeFolder(path: string): Promise<void> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      await this.makeOwn(path);
    } catch (error) {
      throw explainFileError(error, path);
    }
  }

  /** Gives a path to the user that the servers run as. */
  async makeOwn(path: string): Promise<void> {
    if (this.user !== undefined) await chown(path, this.user.uid, this.user.gid);
  }
}
