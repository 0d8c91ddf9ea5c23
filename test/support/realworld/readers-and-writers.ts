import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type Page, pagesOf, type Viewer } from "./author-pages.ts";
import { createWorld, initialState, type State, type World, writesFrom } from "./author-world.ts";
import { type Body, createClient } from "./client.ts";

export interface ReadersAndWritersOptions {
  readonly worlds: number;
  /** Of each world. */
  readonly writes: number;
  readonly readers: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Nothing may be older. */
  readonly maxAgeSeconds: number;
}

/** What strangers were given, by what the cache said of it: `hit`, `fwd=uri-miss` … */
export type Outcomes = ReadonlyMap<string, number>;

/** What happened in a world, in order. One client writes there, one request after another. */
class History {
  readonly world: World;
  readonly pages: readonly Page[];
  readonly states: State[] = [initialState];
  readonly writes: string[] = ["nothing yet"];
  /** The last state whose writer has been told that it is. */
  acknowledged = 0;

  constructor(world: World) {
    this.world = world;
    this.pages = pagesOf(world);
  }
}

/**
 * Several authors write, and all sorts of readers read, all at once. A read that began after a write was acknowledged must show it, or what came
 * after it; and no reader may see a page go back to what it was before he last saw it. The authors look at once what they have done, signed
 * in and not.
 */
export async function readAndWrite(
  baseUrl: string,
  { worlds, writes, readers, random, maxAgeSeconds }: ReadersAndWritersOptions,
): Promise<Outcomes> {
  const client = createClient(baseUrl);
  const names = Array.from({ length: worlds }, (_, n) => `world${n}`);
  const histories = await Promise.all(names.map(async (name) => new History(await createWorld(client, name))));
  const outcomes = new Map<string, number>();
  const over = new AbortController();
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

  /** @param least of the states that it may show. @returns the first that it does */
  async function read(history: History, page: Page, least: number): Promise<number> {
    const { world, states, writes: written } = history;
    const token = page.viewer === "stranger" ? undefined : world[page.viewer].token;
    const answer = await client.ask("GET", page.path, token === undefined ? {} : { token });
    const seen = page.see(answer.status, (await answer.json()) as Body);
    const said = answer.headers.get("cache-status") ?? "nothing";
    const age = Number(answer.headers.get("age") ?? 0);
    if (page.viewer === "stranger") count(outcomes, said);
    const isSeen = (state: State): boolean => isDeepStrictEqual(page.expect(state), seen);
    const index = states.findIndex((state, n) => n >= least && isSeen(state));
    const found = states.findLastIndex(isSeen);
    assert.ok(
      index !== -1 && age <= maxAgeSeconds,
      `the ${page.viewer} reads ${page.path} (${said}; age ${age}): ${JSON.stringify(seen)}\n` +
        `That was so after write ${found}; he must see ${least} or later:\n` +
        states
          .map((state, n) => `${n} ${written[n]}: ${JSON.stringify(page.expect(state))}`)
          .slice(-8)
          .join("\n"),
    );
    return index;
  }

  async function write(history: History): Promise<void> {
    const { world, states, pages } = history;
    for (let n = 0; n < writes && !over.signal.aborted; n++) {
      const chosen = pick(writesFrom(world, states.at(-1)!));
      states.push(chosen.next);
      history.writes.push(chosen.name);
      await chosen.perform();
      history.acknowledged = states.length - 1;
      for (let looks = 0; looks < 6; looks++) await read(history, pick(pages), states.length - 1);
    }
  }

  async function readOn(): Promise<void> {
    const last = new Map<Page, number>();
    while (!over.signal.aborted) {
      const history = pick(histories);
      const viewer: Viewer = random() < 0.8 ? "stranger" : pick(["author", "fan"]);
      const page = pick(history.pages.filter((each) => each.viewer === viewer));
      const least = Math.max(history.acknowledged, last.get(page) ?? 0);
      last.set(page, await read(history, page, least));
    }
  }

  // When all is written, or something was wrong.
  const end = (): void => over.abort();
  const reading = Promise.all(Array.from({ length: readers }, readOn)).finally(end);
  const writing = Promise.all(histories.map(write)).finally(end);
  await Promise.all([reading, writing]);
  return outcomes;
}

function count(outcomes: Map<string, number>, cacheStatus: string): void {
  const name = /\b(hit|fwd=[\w-]+)/.exec(cacheStatus)?.[1] ?? cacheStatus;
  outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
}
