import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { buildApp } from "../../src/app.ts";
import { createTokens } from "../../src/auth/tokens.ts";
import { openDatabase, type Database } from "../../src/database/database.ts";
import { migrate } from "../../src/database/migrate.ts";

export interface TestApp extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
}

/** The API in this process, on a port of its own. */
export async function startApp(databaseUrl: string): Promise<TestApp> {
  await migrate(databaseUrl);
  const database = openDatabase({ url: databaseUrl, poolSize: 10, onIdleError: () => undefined });
  const log = pino({ level: "warn" });
  const tokens = createTokens("a secret that only this test knows about");
  const app = buildApp({ db: database.db, tokens, isReady: database.check, log });
  app.addHook("onClose", () => database.close());
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, database, [Symbol.asyncDispose]: () => app.close() };
}
