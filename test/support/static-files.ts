import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { Client } from "undici";
import type { ResolvedStatic } from "../../src/config/index.ts";
import { StaticServer } from "../../src/staticfiles/index.ts";
import { cleanUp } from "./cleanup.ts";
import { temporaryDirectory } from "./temporary.ts";

export interface ServedFiles {
  /** The directory that is served. */
  readonly directory: string;
  readonly server: StaticServer;
  readonly errors: readonly unknown[];
  /** Closes the connection that requests are sent on. */
  disconnect(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<FileAnswer>;
  ask(method: string, path: string, headers?: Record<string, string>): Promise<FileAnswer>;
}

export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** Names with slashes → content. */
export function writeFiles(directory: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

/** A server of these files, long after they were written. */
export async function serveFiles(
  t: TestContext,
  files: Readonly<Record<string, string | Buffer>>,
  site: Partial<ResolvedStatic> = {},
  now: () => number = () => Date.now() + 60_000,
): Promise<ServedFiles> {
  const folder = temporaryDirectory(t);
  const directory = join(folder, "public");
  mkdirSync(directory);
  writeFiles(directory, files);
  const defaults = { directory, base: "/", index: "index.html", immutable: true, compress: true, dotfiles: false };
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const server = new StaticServer(join(folder, "files.sock"), { ...defaults, ...site }, { onError, now });
  await server.start();
  const client = new Client("http://localhost", { socketPath: server.socketPath });
  cleanUp(t, () => server.stop());
  cleanUp(t, () => client.destroy());
  const ask: ServedFiles["ask"] = async (method, path, headers = {}) => {
    const answer = await client.request({ method, path, headers });
    const body = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers as FileAnswer["headers"], body, text: body.toString() };
  };
  return {
    directory,
    server,
    errors,
    ask,
    disconnect: () => client.close(),
    get: (path, headers) => ask("GET", path, headers),
  };
}
