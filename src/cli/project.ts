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

/** Finds the project without reading its config: a running platform can be asked even when the config is broken by now. */
export function findProject(options: ProjectOptions): Project {
  const root = dirname(
    findConfigFile({ cwd: process.cwd(), ...(options.config === undefined ? {} : { file: options.config }) }),
  );
  return { root, directories: directoriesOf(root) };
}

/** @throws CONTROL_NOT_RUNNING */
export function connect(options: ProjectOptions): ControlClient {
  const { root, directories } = findProject(options);
  return ControlClient.find(root, directories.endpointFile);
}
