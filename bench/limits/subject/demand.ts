import { setTimeout as after } from "node:timers/promises";
import type { Decider } from "../deciders/decider.ts";
import type { DemandLog } from "./protocol.ts";

export interface Demand {
  readonly perSecond: number;
  readonly seconds: number;
  readonly random: () => number;
}

/** Decisions of one key that are asked for when chance has it (a Poisson process), whatever becomes of those before. */
export async function demand(
  decider: Decider,
  key: string,
  { perSecond, seconds, random }: Demand,
): Promise<DemandLog> {
  const log = { asked: [] as number[], answered: [] as number[], isAdmitted: [] as boolean[], errors: 0 };
  const clock = machineClock();
  const waiting: Promise<void>[] = [];
  const write = (asked: number, isAdmitted: boolean): void => {
    log.asked.push(asked);
    log.answered.push(clock());
    log.isAdmitted.push(isAdmitted);
  };
  const ask = (): void => {
    const asked = clock();
    const answer = decider.ask(key);
    if (!(answer instanceof Promise)) return write(asked, decider.isAdmitted(answer));
    const onRejection = (reason: unknown): void => {
      if (reason instanceof Error) log.errors++;
      write(asked, false);
    };
    waiting.push(answer.then((known) => write(asked, decider.isAdmitted(known)), onRejection));
  };
  const end = performance.now() + seconds * 1_000;
  const pauseMs = (): number => (-Math.log(1 - random()) * 1_000) / perSecond;
  for (let due = performance.now() + pauseMs(); due < end;) {
    for (; due <= performance.now() && due < end; due += pauseMs()) ask();
    await after(1);
  }
  await Promise.all(waiting);
  return log;
}

/** Milliseconds; the same at the same moment in all processes of a machine. */
function machineClock(): () => number {
  const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
  return () => offset + performance.now();
}
