/**
 * Postgres plans a list of articles for about as long as it answers it, so every statement is prepared once per
 * connection and then only executed. Statements are told apart by their text; there are as many as the code can build,
 * some dozens, for values travel as parameters and lists as arrays.
 */
import type { PostgresPool, PostgresPoolClient } from "kysely";
import type { Pool, PoolClient } from "pg";

export function preparing(pool: Pool): PostgresPool {
  const names = new Map<string, string>();
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();

  function nameOf(text: string): string {
    let name = names.get(text);
    if (name === undefined) names.set(text, (name = `conduit_${names.size}`));
    return name;
  }

  function wrap(client: PoolClient): PostgresPoolClient {
    const query = (text: string, values: readonly unknown[]) =>
      client.query({ name: nameOf(text), text, values: [...values] });
    return { query: query as unknown as PostgresPoolClient["query"], release: (destroy) => client.release(destroy) };
  }

  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let wrapped = clients.get(client);
      if (!wrapped) clients.set(client, (wrapped = wrap(client)));
      return wrapped;
    },
  };
}
