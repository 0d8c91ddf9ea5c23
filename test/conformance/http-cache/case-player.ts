import { ManualClock } from "../../../src/kernel/index.ts";
import { startCachingGateway } from "../../support/cache/caching-gateway.ts";
import { ask, type ClientAnswer } from "../../support/cache/wire-client.ts";
import { eventually } from "../../support/gateway-fixtures.ts";
import type { WireMessage } from "../../support/wire/message.ts";
import { turns } from "../../support/wire/turns.ts";
import { type CacheCase, noon, type OriginAnswer, rulesOf, type Step } from "./cache-case.ts";
import { barrier, startCaseOrigin, valuesAt } from "./case-origin.ts";
import { assertAsExpected } from "./expectation.ts";

/** What became of one step. */
export interface Played {
  readonly step: Step;
  /** What the origin was ready to say. */
  readonly origin: Required<Pick<OriginAnswer, "status" | "body">>;
  readonly answer: ClientAnswer;
  /** What the origin was asked before the client had its answer, and after that. */
  readonly asked: readonly WireMessage[];
  readonly askedBehind: readonly WireMessage[];
  /** The origin has said that what is stored is still good. */
  readonly isConfirmed: boolean;
}

/**
 * Plays a case with a gateway of its own, a real origin and a real client, and a clock that moves when the case says so. After each
 * step something that is not cached is asked for: when that has come, whatever was asked behind the client's back has come to the
 * origin before it.
 */
export async function playCase({ steps, set }: CacheCase, fastPath: boolean): Promise<void> {
  const clock = new ManualClock(noon);
  await using origin = await startCaseOrigin(clock);
  await using gateway = await startCachingGateway(origin.port, { clock, fastPath, rules: rulesOf(set) });
  const played: Played[] = [];
  for (const [number, step] of steps.entries()) {
    clock.advance((step.after ?? 0) * 1_000);
    const said = { status: 200, body: `said in step ${number}`, ...step.origin };
    const isBehind = step.expected.asksBehind === true;
    // Who is asked behind the client's back has not answered when the client has his answer.
    origin.say(said, isBehind);
    const { path = "/", fields = [], ...rest } = step.asked ?? {};
    const answer = await ask(gateway.port, { target: path, fields: valuesAt(fields, clock.now()), ...rest });
    const before = isBehind ? 0 : origin.asked.length;
    if (isBehind) {
      await eventually(
        () => origin.asked.length > 0,
        () => `step ${number}: nothing was asked behind the client's back`,
      );
      origin.release();
    }
    await ask(gateway.port, { method: "OPTIONS", target: barrier, host: "barrier.test" });
    await turns(2);
    played.push({
      step,
      origin: said,
      answer,
      asked: origin.asked.slice(0, before),
      askedBehind: origin.asked.slice(before),
      isConfirmed: origin.confirmed > 0,
    });
    assertAsExpected(played);
  }
}
