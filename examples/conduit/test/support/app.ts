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

/** Signs tokens that the app of a test takes for its own. */
export const secret = "a secret that only this test knows about";

/** The API in this process, on a port of its own. */
export async function startApp(databaseUrl: string, poolSize = 10): Promise<TestApp> {
  await migrate(databaseUrl);
  const database = openDatabase({ url: databaseUrl, poolSize, onIdleError: () => undefined });
  const log = pino({ level: "error" });
  const tokens = createTokens(secret);
  const app = buildApp({ db: database.db, tokens, isReady: database.check, log, cacheSeconds: 30 });
  app.addHook("onClose", () => database.close());
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, database, [Symbol.asyncDispose]: () => app.close() };
}
