import { createHash } from "node:crypto";
import { accessSync, constants, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { folderUnusable, unsafeSocketDirectory } from "./errors.ts";

const ownUid = process.getuid?.() ?? 0;

/** Where a project keeps what must outlive a run: all below `.tenfold/`, but for the sockets. */
export interface Directories {
  readonly data: string;
  readonly logs: string;
  /** Who runs, as files: the claim on the project, the ledger of processes. */
  readonly run: string;
  /** Which process has the project: see claim.ts. */
  readonly claimFile: string;
  /** Where the control API answers: for the CLI. */
  readonly endpointFile: string;
  readonly postgres: string;
  /**
   * Unix sockets. Not below `.tenfold/`: a socket's path may have no more than 103 bytes, a project's often has more. Private to
   * the user, one per project.
   */
  readonly sockets: string;
  /** Rates that were changed at runtime: see limit-adjustments.ts. */
  readonly limitsFile: string;
  /** Where gateways count together: the platform's limit store. */
  readonly limitsSocket: string;
  /** Where apps ask the platform. */
  readonly appSocket: string;
}

export function directoriesOf(root: string): Directories {
  const data = join(root, ".tenfold");
  const project = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const sockets = join(resolve(tmpdir()), `tenfold-${ownUid}-${project}`);
  return {
    data,
    logs: join(data, "logs"),
    run: join(data, "run"),
    claimFile: join(data, "run", "claim.json"),
    endpointFile: join(data, "run", "control.json"),
    postgres: join(data, "postgres"),
    sockets,
    limitsFile: join(data, "limits.json"),
    limitsSocket: join(sockets, "limits.sock"),
    appSocket: join(sockets, "apps.sock"),
  };
}

/**
 * Creates what is missing. Everything is kept out of git by a `.gitignore` of its own.
 *
 * @throws PLATFORM_FOLDER_UNUSABLE, PLATFORM_UNSAFE_SOCKET_DIRECTORY
 */
export function createDirectories(directories: Directories): void {
  usable(directories.data, () => {
    for (const directory of [directories.data, directories.logs, directories.run])
      mkdirSync(directory, { recursive: true });
    writeFileSync(join(directories.data, ".gitignore"), "*\n");
    accessSync(directories.run, constants.W_OK);
  });
  usable(directories.sockets, () => mkdirSync(directories.sockets, { recursive: true, mode: 0o700 }));
  // Anyone may create a folder in the temporary directory: one that is not ours alone could be used to listen in.
  const stat = lstatSync(directories.sockets);
  const isPrivate = process.platform === "win32" || (stat.uid === ownUid && (stat.mode & 0o077) === 0);
  if (!stat.isDirectory() || !isPrivate) throw unsafeSocketDirectory(directories.sockets);
}

function usable(directory: string, use: () => void): void {
  try {
    use();
  } catch (error) {
    throw codeOf(error) === undefined ? error : folderUnusable(directory, error);
  }
}
