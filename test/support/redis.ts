import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { poll } from "../../src/kernel/index.ts";
import { cleanUp } from "./cleanup.ts";
import { temporaryDirectory } from "./temporary.ts";

const program = "redis-server";
const isInstalled = spawnSync(program, ["--version"]).status === 0;

/** As the `skip` of a test that needs Redis. Where it must be there, the test runs, and fails if it is not. */
export const withoutRedis: string | false =
  isInstalled || process.env.TENFOLD_TESTS_NEED_REDIS === "1"
    ? false
    : `needs ${program}: install it, for instance with \`apt-get install redis-server\``;

/** A Redis of this test alone, in a folder that goes with it. Persists nothing. */
export class TestRedis {
  readonly #socketPath: string;
  readonly #directory: string;
  readonly #password: string;
  #child: ChildProcess | undefined;

  private constructor(directory: string, password: string) {
    this.#directory = directory;
    this.#password = password;
    this.#socketPath = join(directory, "redis.sock");
  }

  /** @param password `""`: everybody may come */
  static async start(t: TestContext, password = ""): Promise<TestRedis> {
    const redis = new TestRedis(temporaryDirectory(t), password);
    cleanUp(t, () => redis.kill());
    await redis.start();
    return redis;
  }

  get url(): string {
    return `unix://${this.#socketPath}`;
  }

  urlWith(password: string): string {
    return `unix://:${password}@${this.#socketPath}`;
  }

  /** Empty, at the same address. */
  async start(): Promise<void> {
    const options = ["--port", "0", "--unixsocket", this.#socketPath, "--save", "", "--appendonly", "no"];
    options.push("--dir", this.#directory, "--requirepass", this.#password);
    const child = spawn(program, options, { stdio: "ignore" });
    this.#child = child;
    await once(child, "spawn");
    await poll(() => answers(this.#socketPath), {
      everyMs: 10,
      deadlineMs: 10_000,
      onTimeout: () => new Error(`${program} does not answer`),
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** It keeps its connections, and answers nothing. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }
}

function answers(socketPath: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("error", () => resolve(undefined));
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
