import { once } from "node:events";
import { endChild, spawnPinned } from "./servers.ts";
import { proxyCore } from "./site.ts";
import type { FromSubject, ToSubject } from "./subject-protocol.ts";
import type { RunningContender } from "./throughput.ts";

/** A Node process of ours that can be asked what only it knows. */
export interface RunningSubject<Answers> extends RunningContender {
  ask<K extends keyof Answers & string>(what: K): Promise<Answers[K]>;
}

export interface SubjectSurroundings {
  readonly nodeOptions?: readonly string[];
  /** Default: of who is measured. */
  readonly core?: number;
}

/**
 * Starts a program (`subject-protocol.ts` is how it answers) and waits until it listens.
 *
 * @param options its only argument, as JSON
 */
export async function startSubject<Answers>(
  program: string,
  options: { readonly port: number },
  { nodeOptions = [], core = proxyCore }: SubjectSurroundings = {},
): Promise<RunningSubject<Answers>> {
  // The room for short-lived objects is what gateway processes get; it does the others good too.
  const words = ["--max-semi-space-size=32", ...nodeOptions, program, JSON.stringify(options)];
  const child = spawnPinned(core, [process.execPath, ...words], { ipc: true, env: { NODE_ENV: "production" } });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${program} ended with ${code}`);
  });
  ended.catch(() => undefined);
  const hear = async <T extends FromSubject["type"]>(type: T): Promise<Extract<FromSubject, { type: T }>> => {
    for (;;) {
      const [message] = (await Promise.race([once(child, "message"), ended])) as [FromSubject];
      if (message.type === type) return message as Extract<FromSubject, { type: T }>;
    }
  };
  await hear("listening");
  let turn: Promise<unknown> = Promise.resolve();
  return {
    pids: [child.pid!],
    port: options.port,
    stop: () => endChild(child),
    /** One after another: an answer does not say what it answers. */
    ask<K extends keyof Answers & string>(what: K): Promise<Answers[K]> {
      const answered = turn.then(async () => {
        const answer = hear("answer");
        child.send({ ask: what } satisfies ToSubject);
        return (await answer).value as Answers[K];
      });
      turn = answered.catch(() => undefined);
      return answered;
    },
  };
}
