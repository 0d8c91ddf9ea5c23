import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import { codeOf, messageOf } from "../../src/kernel/index.ts";

/** One request of the load: what is sent, and what must come back. */
export interface LoadRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: string;
  /** Says what is wrong with the answer; `undefined`: nothing. */
  readonly check: (status: number, body: string) => string | undefined;
  /** Asked when no answer comes: `true` when that is no failure. */
  readonly mayFail?: () => boolean;
}

export interface LoadResult {
  readonly sent: number;
  readonly failures: readonly string[];
}

export interface Load {
  /** Answers so far. */
  readonly answered: () => number;
  /** Failures so far. */
  readonly failures: readonly string[];
  /** Sends nothing new, waits for what is under way. */
  stop(): Promise<LoadResult>;
}

export interface LoadOptions {
  readonly callers?: number;
  readonly maxRequests?: number;
  /** Each request on a connection of its own. */
  readonly isReconnecting?: boolean;
}

/**
 * A steady load: so many callers, each sending its next request a moment after it has its answer. Every answer is checked. Bounded in
 * count, so that it ends by itself.
 */
export function startLoad(url: string, next: (n: number) => LoadRequest, options: LoadOptions = {}): Load {
  const { callers = 16, maxRequests = 200_000, isReconnecting = false } = options;
  const timeouts = { headersTimeout: 60_000, bodyTimeout: 60_000 };
  const agent = new Agent({ connections: callers, ...timeouts, ...(isReconnecting ? { pipelining: 0 } : {}) });
  const failures: string[] = [];
  let sent = 0;
  let answered = 0;
  const stopping = new AbortController();

  async function call(): Promise<void> {
    while (!stopping.signal.aborted && sent < maxRequests) {
      const { method, path, body, check, mayFail } = next(sent++);
      try {
        const response = await request(url + path, {
          method,
          dispatcher: agent,
          ...(body === undefined ? {} : { body, headers: { "content-type": "text/plain" } }),
        });
        const problem = check(response.statusCode, await response.body.text());
        if (problem !== undefined) failures.push(`${method} ${path}: ${problem}`);
      } catch (error) {
        if (mayFail?.() !== true) failures.push(`${method} ${path}: ${codeOf(error) ?? ""} ${messageOf(error)}`);
      }
      answered++;
      await delay(2);
    }
  }

  const running = Promise.all(Array.from({ length: callers }, call));
  return {
    answered: () => answered,
    failures,
    stop: async () => {
      stopping.abort();
      await running;
      await agent.destroy();
      return { sent, failures };
    },
  };
}
