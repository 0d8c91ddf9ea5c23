import type { ChildProcess } from "node:child_process";
import { codeOf, identifyProcess, isSameProcess, type ProcessIdentity, systemClock } from "../kernel/index.ts";
import { gatewayProcessEnded } from "./errors.ts";

/** Both `null`: another process had started it, and only that was told. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const lookEveryMs = 20;

/** A process, whether this one started it or another did. */
export class WatchedProcess {
  readonly identity: ProcessIdentity;
  readonly whenEnded: Promise<Ending>;
  readonly #isChild: boolean;
  #onEnd!: (ending: Ending) => void;
  #isWatched = false;

  /** @throws GATEWAY_PROCESS_ENDED */
  constructor(pid: number, child?: ChildProcess) {
    const identity = identifyProcess(pid);
    if (identity === undefined) throw gatewayProcessEnded(null, null);
    this.identity = identity;
    this.#isChild = child !== undefined;
    this.whenEnded = new Promise((resolve) => (this.#onEnd = resolve));
    child?.once("exit", (code, signal) => this.#onEnd({ code, signal }));
  }

  get isAlive(): boolean {
    return isSameProcess(this.identity);
  }

  /** Of a child the end is told. For that of another process one has to look: from now on, since there is reason to expect it. */
  watch(): void {
    if (this.#isChild || this.#isWatched) return;
    this.#isWatched = true;
    void this.#look();
  }

  signal(name: NodeJS.Signals): void {
    if (!this.isAlive) return;
    try {
      process.kill(this.identity.pid, name);
    } catch (error) {
      if (codeOf(error) !== "ESRCH") throw error;
    }
  }

  async #look(): Promise<void> {
    while (this.isAlive) await systemClock.sleep(lookEveryMs);
    this.#onEnd({ code: null, signal: null });
  }
}
