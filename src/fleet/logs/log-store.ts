import { type FSWatcher, mkdirSync, openSync, watch } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../kernel/index.ts";
import type { LogTuning } from "../options.ts";
import { logUnwritable } from "../errors.ts";
import { type LogFilter, type LogLine, matches } from "./log-line.ts";
import { LogRing } from "./log-ring.ts";
import { LogTail } from "./log-tail.ts";

/** Changes are gathered for so long before they are read: a noisy instance writes thousands of lines a second. */
const gatherMs = 30;
/** Every file is looked at this often, should the system not tell of changes; a line that does not go on is shown as it is. */
const pollMs = 1_000;
/** Of so many instances that are gone the last lines are kept in memory. */
const maxGone = 16;

interface Entry {
  readonly service: string;
  readonly instance: string;
  readonly ring: LogRing;
  tail: LogTail | undefined;
}

/**
 * The logs of all instances: one file each, written by the process itself, so that it does not need us; read here for the terminal and the
 * API. The last lines of each are kept in memory.
 */
export class LogStore {
  readonly #directory: string;
  readonly #tuning: LogTuning;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Map<(line: LogLine) => void, LogFilter>();
  readonly #changed = new Set<Entry>();
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #gather: NodeJS.Timeout | undefined;
  #number = 0;

  constructor(directory: string, tuning: LogTuning, clock: Clock) {
    this.#directory = directory;
    this.#tuning = tuning;
    this.#clock = clock;
  }

  start(): void {
    writing(this.#directory, () => mkdirSync(this.#directory, { recursive: true }));
    this.#poll ??= setInterval(() => this.#look([...this.#entries.values()], true), pollMs);
    try {
      this.#watcher ??= watch(this.#directory, (_, name) => this.#onChange(name));
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      // No watches left (inotify has a limit): the poll finds everything, later.
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#poll);
    clearTimeout(this.#gather);
    this.#watcher?.close();
    this.#watcher = this.#poll = this.#gather = undefined;
    await Promise.all([...this.#entries.keys()].map((instance) => this.release(instance)));
  }

  /** Opens the log of an instance for its next process. The caller closes the descriptor. @throws FLEET_LOG_UNWRITABLE */
  open(service: string, instance: string): number {
    const path = join(this.#directory, `${instance}.log`);
    const file = writing(path, () => {
      mkdirSync(this.#directory, { recursive: true }); // It may have been cleaned away since the start.
      return openSync(path, "a");
    });
    const { ringLines, ringBytes } = this.#tuning;
    const entry = this.#entries.get(instance) ?? {
      service,
      instance,
      ring: new LogRing(ringLines, ringBytes),
      tail: undefined,
    };
    if (entry.tail?.isOf(file) === false) {
      this.#take(entry, entry.tail.readAll());
      void entry.tail.close();
      entry.tail = undefined;
    }
    entry.tail ??= new LogTail(path, this.#tuning);
    this.#entries.delete(instance); // Set again, it is the youngest.
    this.#entries.set(instance, entry);
    return file;
  }

  /** The last lines of an instance whose process has ended, up to the very last. */
  lastLines(instance: string, count: number): string[] {
    const entry = this.#entries.get(instance);
    if (entry === undefined) return [];
    this.#take(entry, entry.tail?.readAll() ?? []);
    return entry.ring.last(count).map(({ line }) => line.text);
  }

  /** Stops reading the log of an instance that is gone; its last lines stay for a while. */
  async release(instance: string): Promise<void> {
    const entry = this.#entries.get(instance);
    if (entry?.tail === undefined) return;
    const { tail } = entry;
    this.#take(entry, tail.readAll());
    entry.tail = undefined;
    const gone = [...this.#entries.values()].filter((each) => each.tail === undefined);
    for (const each of gone.slice(0, Math.max(0, gone.length - maxGone))) this.#entries.delete(each.instance);
    await tail.close();
  }

  /** The last lines, oldest first, in the order in which they were read. */
  lines(filter: LogFilter, count: number): LogLine[] {
    return [...this.#entries.values()]
      .filter((entry) => matches(filter, entry))
      .flatMap((entry) => entry.ring.last(count))
      .toSorted((a, b) => a.number - b.number)
      .slice(-count)
      .map(({ line }) => line);
  }

  /** Returns how to unsubscribe. */
  onLine(filter: LogFilter, listener: (line: LogLine) => void): () => void {
    const own = (line: LogLine): void => listener(line); // The same listener may come twice, with different filters.
    this.#listeners.set(own, filter);
    return () => this.#listeners.delete(own);
  }

  #onChange(name: string | null): void {
    const entry = this.#entries.get(name?.replace(/\.log$/, "") ?? "");
    if (entry === undefined) return;
    this.#changed.add(entry);
    this.#gather ??= setTimeout(() => {
      this.#gather = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      this.#look(changed, false);
    }, gatherMs);
  }

  #look(entries: readonly Entry[], isPoll: boolean): void {
    for (const entry of entries) {
      const { tail } = entry;
      if (tail === undefined) continue;
      const lines = tail.read();
      this.#take(entry, isPoll && tail.hasStoppedInLine() ? [...lines, ...tail.readAll()] : lines);
      void tail.rotateWhenLarge((rest) => this.#take(entry, rest)).catch(() => {}); // Disk full: tried again later.
    }
  }

  #take({ service, instance, ring }: Entry, texts: readonly string[]): void {
    if (texts.length === 0) return;
    const at = this.#clock.now();
    for (const text of texts) {
      const line: LogLine = { at, service, instance, text };
      ring.push({ number: this.#number++, line });
      for (const [listener, filter] of this.#listeners) if (matches(filter, line)) listener(line);
    }
  }
}

function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw logUnwritable(path, error);
  }
}
