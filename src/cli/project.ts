import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { findConfigFile } from "../config/index.ts";
import { ControlClient } from "../control/index.ts";
import { type Directories, directoriesOf } from "../platform/index.ts";

/** Options that every command which works on a project has. */
export interface ProjectOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export interface Project {
  readonly root: string;
  readonly directories: Directories;
}

/** Finds the project without reading its config: a running platform can be asked even when the config is broken by now, or gone. */
export function findProject(options: ProjectOptions): Project {
  const root = findRoot(options);
  return { root, directories: directoriesOf(root) };
}

function findRoot({ config }: ProjectOptions): string {
  try {
    return dirname(findConfigFile({ cwd: process.cwd(), ...(config === undefined ? {} : { file: config }) }));
  } catch (error) {
    const root = config === undefined ? folderThatRan(process.cwd()) : undefined;
    if (root === undefined) throw error;
    return root;
  }
}

/** The nearest folder, from this one up, in which a platform has run. */
function folderThatRan(folder: string): string | undefined {
  if (existsSync(directoriesOf(folder).run)) return folder;
  return folder === dirname(folder) ? undefined : folderThatRan(dirname(folder));
}

/** @throws CONTROL_NOT_RUNNING */
export function connect(options: ProjectOptions): ControlClient {
  const { root, directories } = findProject(options);
  return ControlClient.find(root, directories.endpointFile);
}
