import type { IncomingMessage, ServerResponse } from "node:http";
import { eventually, type Origin, startOrigin } from "./gateway-fixtures.ts";

/** An origin that answers when the test says so. */
export interface HeldOrigin extends AsyncDisposable {
  readonly port: number;
  /** Paths of the requests that wait for their answers, in the order they came. */
  readonly held: () => string[];
  /** Paths of all that ever came. */
  readonly seen: () => string[];
  readonly requests: Origin["requests"];
  /** Until so many wait. */
  untilHeld(count: number): Promise<void>;
  /** Answers the one that has waited longest, or all at this path. */
  release(path?: string, answer?: (res: ServerResponse, req: IncomingMessage) => void): void;
}

export async function startHeldOrigin(): Promise<HeldOrigin> {
  let waiting: { req: IncomingMessage; res: ServerResponse }[] = [];
  const origin = await startOrigin((req, res) => {
    // HEAD requests and bodies are read whole before they count.
    req.resume().on("end", () => waiting.push({ req, res }));
    res.on("close", () => (waiting = waiting.filter((each) => each.res !== res)));
  });
  const held = (): string[] => waiting.map(({ req }) => req.url!);
  return {
    port: origin.port,
    held,
    seen: () => origin.requests.map(({ url }) => url!),
    requests: origin.requests,
    untilHeld: (count) =>
      eventually(
        () => waiting.length === count,
        () => `held: ${held().join()}`,
      ),
    release(path, answer = (res) => res.end("done")) {
      const chosen = waiting.filter(({ req }, index) => (path === undefined ? index === 0 : req.url === path));
      waiting = waiting.filter((each) => !chosen.includes(each));
      for (const { req, res } of chosen) answer(res, req);
    },
    [Symbol.asyncDispose]: () => origin[Symbol.asyncDispose](),
  };
}
