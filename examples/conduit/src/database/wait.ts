import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { isConnectionFailure } from "./failures.ts";

const retryMs = 250;

/**
 * Waits for a database that is still starting. Anything a wait does not heal (a wrong password, no such database) is an
 * error at once.
 *
 * @throws {Error} with what was tried and why it failed, without the password.
 */
export async function waitForDatabase(url: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    // After a failed connect the client may report the same failure as an event.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("select 1");
      return;
    } catch (error) {
      if (!isConnectionFailure(error) || performance.now() > deadline) throw unreachable(url, error as Error);
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(retryMs);
  }
}

function unreachable(url: string, cause: Error): Error {
  const shown = new URL(url);
  if (shown.password) shown.password = "***";
  // A host with several addresses fails with one error for each, and no message of its own.
  const reason = cause instanceof AggregateError ? cause.errors.map(String).join("; ") : cause.message;
  return new Error(`the database at ${shown.href} cannot be used: ${reason}`, { cause });
}
