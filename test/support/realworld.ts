import { walkAccounts } from "./realworld/accounts.ts";
import { walkArticles } from "./realworld/articles.ts";
import { createClient } from "./realworld/client.ts";
import { walkReaders } from "./realworld/readers.ts";

/**
 * Walks through the whole RealWorld API as its clients use it and asserts every status and body on the way, errors
 * included. Each step reads what the one before wrote, at once: behind a gateway, from whichever instance and database
 * answers.
 *
 * It brings its own users, so it can run on a database in use, and several times at once.
 *
 * @param baseUrl Where `/api` is: `http://127.0.0.1:8080`.
 */
export async function walkRealWorld(baseUrl: string): Promise<void> {
  const client = createClient(baseUrl);
  await walkAccounts(client);
  await walkArticles(client);
  await walkReaders(client);
  await client.refuse(404, { route: ["not found"] }, "GET", "/no-such-route");
}
