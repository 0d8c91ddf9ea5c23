import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Running } from "./servers.ts";

/** Starts a program with a folder of its own, which holds its config and goes with it. */
export async function startInFolder<R extends Running>(
  config: { readonly name: string; readonly text: (folder: string) => string },
  start: (file: string, folder: string) => Promise<R>,
  parent = tmpdir(),
): Promise<R> {
  const folder = await mkdtemp(join(parent, "tenfold-bench-"));
  const options = { recursive: true, force: true };
  const atExit = (): void => rmSync(folder, options);
  process.once("exit", atExit);
  const remove = async (): Promise<void> => {
    await rm(folder, options);
    process.off("exit", atExit);
  };
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
