import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, closeSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { temporaryDirectory } from "../../../test/support/temporary.ts";
import { poll, systemClock } from "../../kernel/index.ts";
import { fleetDefaults, type LogTuning } from "../options.ts";
import type { LogLine } from "./log-line.ts";
import { LogStore } from "./log-store.ts";

interface Opened {
  readonly store: LogStore;
  readonly directory: string;
  readonly lines: LogLine[];
  readonly write: (instance: string, text: string) => void;
  /** Resolves when so many lines have been told of. */
  readonly seen: (count: number) => Promise<string[]>;
}

function open(t: TestContext, tuning: Partial<LogTuning> = {}): Opened {
  const directory = temporaryDirectory(t);
  const store = new LogStore(directory, { ...fleetDefaults.logs, ...tuning }, systemClock);
  const lines: LogLine[] = [];
  store.onLine({}, (line) => lines.push(line));
  store.start();
  t.after(() => store.stop());
  for (const instance of ["api-1", "api-2"]) closeSync(store.open("api", instance));
  return {
    store,
    directory,
    lines,
    write: (instance, text) => appendFileSync(join(directory, `${instance}.log`), text),
    seen: (count) =>
      poll(() => (lines.length >= count ? lines.map(({ text }) => text) : undefined), {
        everyMs: 5,
        deadlineMs: 20_000,
        onTimeout: () => new Error(`saw ${JSON.stringify(lines)}`),
      }),
  };
}

test("lines are told as they come, with who printed them", async (t) => {
  const { lines, write, seen } = open(t);
  write("api-1", "one\n");
  await seen(1);
  write("api-2", "two\n");
  await seen(2);
  assert.deepEqual(
    lines.map(({ service, instance, text }) => ({ service, instance, text })),
    [
      { service: "api", instance: "api-1", text: "one" },
      { service: "api", instance: "api-2", text: "two" },
    ],
  );
});

test("what was in the file before is not told again", async (t) => {
  const directory = temporaryDirectory(t);
  appendFileSync(join(directory, "api-1.log"), "of an earlier run\n");
  const store = new LogStore(directory, fleetDefaults.logs, systemClock);
  store.start();
  t.after(() => store.stop());
  closeSync(store.open("api", "api-1"));
  appendFileSync(join(directory, "api-1.log"), "of this run\n");
  assert.deepEqual(store.lastLines("api-1", 10), ["of this run"]);
});

test("a line that arrives in parts is one line; one that does not go on is shown as it is", async (t) => {
  const { write, seen } = open(t);
  write("api-1", "be");
  write("api-1", "gun\nPassword: ");
  assert.deepEqual(await seen(2), ["begun", "Password: "]);
});

test("the last lines of all are in the order in which they came, and bounded", async (t) => {
  const { store, write, seen } = open(t, { ringLines: 3 });
  for (const [instance, text] of [
    ["api-1", "a\nb\nc\nd\n"],
    ["api-2", "e\n"],
    ["api-1", "f\n"],
  ] as const) {
    write(instance, text);
    store.lastLines(instance, 0);
  }
  await seen(6);
  const texts = (filter: object, count: number) => store.lines(filter, count).map(({ text }) => text);
  assert.deepEqual(texts({}, 10), ["c", "d", "e", "f"]);
  assert.deepEqual(texts({ instance: "api-1" }, 2), ["d", "f"]);
  assert.deepEqual(texts({ service: "other" }, 2), []);
  assert.deepEqual(texts({}, 0), []);
});

test("output that comes faster than it can be shown is skipped, and that is said", async (t) => {
  const { write, seen } = open(t, { maxBehindBytes: 1_000 });
  write("api-1", "x\n".repeat(2_000));
  write("api-1", "");
  const [first] = await seen(1);
  assert.match(first!, /^… \d+.* came too fast to be shown: see .*api-1\.log$/);
  write("api-1", "and on\n");
  assert.equal((await seen(2)).at(-1), "and on");
});

test("a file that somebody empties is read from its start", async (t) => {
  const { directory, write, seen } = open(t);
  write("api-1", "before it was emptied\n");
  await seen(1);
  truncateSync(join(directory, "api-1.log"));
  write("api-1", "after\n");
  assert.deepEqual(await seen(2), ["before it was emptied", "after"]);
});

test("a large file is rotated under the process that writes it: in order, nothing twice, so many files are kept", async (t) => {
  const { store, directory, lines } = open(t, { maxFileBytes: 20_000, keepFiles: 2 });
  const log = store.open("api", "api-3");
  const script = `
    let i = 0;
    const write = () => {
      for (let n = 0; n < 100; n++) console.log("line " + String(i++).padStart(20, "0"));
      if (i < 8000) setTimeout(write, 2);
    };
    write();`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", log, log] });
  closeSync(log);
  await once(child, "exit");
  await store.release("api-3");
  const told = lines.filter(({ instance }) => instance === "api-3").map(({ text }) => text);
  assert.deepEqual(told, told.toSorted());
  assert.equal(new Set(told).size, told.length);
  assert.ok(told.length > 4_000, `most was shown: ${told.length}`);

  const files = readdirSync(directory).filter((name) => name.startsWith("api-3"));
  assert.ok(files.length > 1 && files.length <= 3, files.join(" "));
  const onDisk = ["api-3.log.2", "api-3.log.1", "api-3.log"]
    .filter((name) => files.includes(name))
    .flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n"))
    .filter((line) => line !== "");
  assert.deepEqual(onDisk, onDisk.toSorted());
  assert.equal(new Set(onDisk).size, onDisk.length);
  assert.equal(onDisk.at(-1), `line ${"7999".padStart(20, "0")}`);
  assert.ok(statSync(join(directory, "api-3.log")).size < 200_000);
});

test("the last lines of an instance that is gone stay for a while, of many not for ever", async (t) => {
  const { store, directory } = open(t);
  for (let i = 10; i < 40; i++) {
    closeSync(store.open("api", `api-${i}`));
    appendFileSync(join(directory, `api-${i}.log`), `bye from ${i}`);
    await store.release(`api-${i}`);
  }
  const texts = store.lines({}, 100).map(({ text }) => text);
  assert.equal(texts.at(-1), "bye from 39");
  assert.equal(texts.length, 16);
});

test("who unsubscribes is told no more; a stopped store reads what was left", async (t) => {
  const { store, lines, write } = open(t);
  const others: LogLine[] = [];
  const unsubscribe = store.onLine({ instance: "api-2" }, (line) => others.push(line));
  write("api-2", "first\n");
  store.lastLines("api-2", 0);
  unsubscribe();
  write("api-2", "second");
  await store.stop();
  assert.deepEqual(
    others.map(({ text }) => text),
    ["first"],
  );
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["first", "second"],
  );
});

test("a folder that is removed is made again for the next process, whose lines are told", async (t) => {
  const { store, directory, write, seen } = open(t);
  write("api-1", "one\n");
  await seen(1);
  rmSync(directory, { recursive: true });
  closeSync(store.open("api", "api-1"));
  write("api-1", "two\n");
  assert.deepEqual(await seen(2), ["one", "two"]);
});
