import { Client } from "pg";
import { timing } from "./options.ts";

export interface Endpoint {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface ConnectionBounds {
  readonly connectMs?: number;
  /** 0: none. */
  readonly queryMs?: number;
}

/** One connection for one piece of work, closed on every path. */
export async function withConnection<T>(
  endpoint: Endpoint,
  work: (client: Client) => Promise<T>,
  { connectMs = timing.connectMs, queryMs = 30_000 }: ConnectionBounds = {},
): Promise<T> {
  const client = new Client({
    ...endpoint,
    host: "127.0.0.1",
    ssl: false,
    application_name: "tenfold",
    connectionTimeoutMillis: connectMs,
    ...(queryMs === 0 ? {} : { query_timeout: queryMs }),
  });
  client.on("error", () => {}); // the query under way reports it
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

export function toUrl({ user, password, port, database }: Endpoint): string {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
