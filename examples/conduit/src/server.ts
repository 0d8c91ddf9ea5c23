import { pino, type Logger } from "pino";
import { buildApp } from "./app.ts";
import { createTokens } from "./auth/tokens.ts";
import { readConfig, type Config } from "./config.ts";
import { openDatabase } from "./database/database.ts";
import { migrate } from "./database/migrate.ts";
import { waitForDatabase } from "./database/wait.ts";

const databaseWaitMs = 30_000;
/** Less than the time a platform waits before it kills. */
const shutdownMs = 25_000;

async function start(config: Config, log: Logger): Promise<void> {
  await waitForDatabase(config.databaseUrl, databaseWaitMs);
  const applied = await migrate(config.databaseUrl);
  if (applied.length > 0) log.info({ applied }, "migrated");

  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: config.poolSize,
    onIdleError: (error) => log.warn({ err: error }, "an idle database connection broke"),
  });
  const { cacheSeconds } = config;
  const tokens = createTokens(config.jwtSecret);
  const app = buildApp({ db: database.db, tokens, isReady: database.check, log, cacheSeconds });
  app.addHook("onClose", () => database.close());

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => {
      log.error({ afterMs: shutdownMs }, "requests are still in flight: giving up on them");
      process.exit(1);
    }, shutdownMs).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);

  await app.listen({ host: config.host, port: config.port });
}

try {
  const config = readConfig(process.env);
  await start(config, pino({ level: config.logLevel, base: { pid: process.pid } }));
} catch (error) {
  process.stderr.write(`conduit cannot start\n${(error as Error).message}\n`);
  process.exit(1);
}
