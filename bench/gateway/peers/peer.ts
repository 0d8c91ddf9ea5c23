import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Running } from "../../support/servers.ts";
import type { Upstream } from "../bench-site.ts";

export interface RunningContender extends Running {
  /** Tenfold's requests so far, by the path that served them. */
  readonly paths?: () => Promise<Paths>;
}

export interface Paths {
  readonly fast: number;
  readonly full: number;
}

/** How one contender is started, anew in each round. */
export type Start = (upstream: Upstream) => Promise<RunningContender>;

/** Starts a program with a folder of its own, which holds its config and goes with it. */
export async function startInFolder(
  config: { readonly name: string; readonly text: (folder: string) => string },
  start: (file: string, folder: string) => Promise<Running>,
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "tenfold-bench-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const file = join(folder, config.name);
  try {
    await writeFile(file, config.text(folder));
    const running = await start(file, folder);
    return {
      ...running,
      async stop() {
        await running.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
