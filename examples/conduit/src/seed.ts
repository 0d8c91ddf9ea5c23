import { readConfig } from "./config.ts";
import { migrate } from "./database/migrate.ts";
import { waitForDatabase } from "./database/wait.ts";
import { demo, sizes } from "./seed/dataset.ts";
import { createProgress } from "./seed/progress.ts";
import { seed } from "./seed/seed.ts";

const databaseWaitMs = 30_000;

async function run(url: string): Promise<string> {
  await waitForDatabase(url, databaseWaitMs);
  await migrate(url);
  const startedAt = performance.now();
  const units = sizes.users + sizes.follows + 2 * sizes.articles + sizes.favorites + sizes.comments;
  const seeded = await seed({ url, sizes, progress: createProgress(process.stdout, units) });
  if (!seeded) return "Seeded already: nothing to do.";
  const counts = Object.entries(sizes).map(([name, count]) => `${count.toLocaleString("en")} ${name}`);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `Seeded ${counts.join(", ")} in ${seconds} s. Sign in as ${demo.email} with the password ${demo.password}.`;
}

try {
  process.stdout.write(`${await run(readConfig(process.env).databaseUrl)}\n`);
} catch (error) {
  process.stderr.write(`conduit cannot be seeded\n${(error as Error).message}\n`);
  process.exitCode = 1;
}
