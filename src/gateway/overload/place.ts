import type { Problem } from "../../http/index.ts";
import type { Upstream } from "../upstream.ts";
import type { Gate, Guest } from "./gate.ts";
import type { LoadMeter } from "./load-meter.ts";
import { kindOf } from "./request-kinds.ts";

/** What is asked, as far as it says what the answer takes. */
export interface PlacedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** Whose place it is. */
export interface PlaceTaker {
  onPlaced(): void;
  /** There is none to be had. */
  refuse(problem: Problem): void;
}

/** How a request goes in at its service. */
export interface PlaceTerms {
  /** To pass one after another. What is measured of the request, the last one's meter hears: where the service has a gate, that is its own. */
  readonly gates: readonly Gate[];
  /** In `priorities`. */
  readonly rank: number;
}

/**
 * A request's place at its service: had from when it may be sent until the first byte of its answer. Who reads the answer slowly holds none. One object
 * serves one request after another.
 */
export class Place implements Guest {
  rank = 1;
  ahead: this | undefined = undefined;
  behind: this | undefined = undefined;
  isInLine = false;
  waitsSince = 0;
  deadlineAt = Infinity;
  #hasWaited = false;
  #gates: readonly Gate[] = nowhere;
  #passed = 0;
  #taker: PlaceTaker | undefined = undefined;
  #upstream: Upstream | undefined = undefined;
  #grantedAt = 0;
  #isQuiet = false;
  #kind = 0;

  /** @returns `undefined`: it is had */
  take(
    { gates, rank }: PlaceTerms,
    { method, path }: PlacedRequest,
    taker: PlaceTaker,
    now: number,
  ): Problem | "waiting" | undefined {
    this.#gates = gates;
    if (gates.length > 0) this.#kind = kindOf(method, path);
    this.rank = rank;
    this.#hasWaited = false;
    this.#taker = taker;
    return this.#goOn(now);
  }

  /** It is had, or waited for; a service without gates has none to hold. */
  get isHeld(): boolean {
    return this.#gates.length > 0;
  }

  /** Where it is now, since the service has several upstreams. */
  moveTo(upstream: Upstream): void {
    if (this.#gates.length === 0) return;
    this.#upstream?.leavePlace();
    this.#upstream = upstream;
    upstream.takePlace();
    this.#isQuiet = upstream.places === 1 && !this.#hasWaited;
  }

  /** The first byte of the answer is there. @param sentAt when the whole request was sent; 0: it is not yet */
  answer(status: number, now: number, sentAt: number): void {
    if (this.#gates.length === 0) return;
    const ms = now - Math.max(this.#grantedAt, sentAt);
    if (status < 500) this.#meter.answer(this.#kind, ms, this.#isQuiet);
    else this.#meter.fail();
    this.#leave(status < 500 ? ms : undefined, now);
  }

  /** It is given up, or not answered in time. */
  abandon(now: number): void {
    if (this.#gates.length === 0) return;
    if (this.isInLine) this.#gates[this.#passed]!.giveUp(this);
    else this.#meter.abandon(this.#kind, now - this.#grantedAt);
    this.#leave(undefined, now);
  }

  /** The upstream has broken it off. */
  fail(now: number): void {
    if (this.#gates.length === 0) return;
    this.#meter.fail();
    this.#leave(undefined, now);
  }

  /** Nothing was sent anywhere: it says nothing of the service. */
  giveBack(now: number): void {
    this.#leave(undefined, now);
  }

  onAdmitted(now: number): void {
    this.#passed++;
    const taker = this.#taker!;
    const result = this.#goOn(now);
    if (result === undefined) taker.onPlaced();
    else if (result !== "waiting") taker.refuse(result);
  }

  onTurnedAway(problem: Problem, now: number): void {
    const taker = this.#taker!;
    this.#leave(undefined, now);
    taker.refuse(problem);
  }

  get #meter(): LoadMeter {
    return this.#gates[this.#gates.length - 1]!.meter;
  }

  #goOn(now: number): Problem | "waiting" | undefined {
    while (this.#passed < this.#gates.length) {
      const result = this.#gates[this.#passed]!.enter(this, now);
      if (result === "waiting") {
        this.#hasWaited = true;
        return result;
      }
      if (result !== "inside") {
        this.#leave(undefined, now);
        return result;
      }
      this.#passed++;
    }
    this.#grantedAt = now;
    return undefined;
  }

  /** Ready for the next request, before others go in: they may be told at once. */
  #leave(ms: number | undefined, now: number): void {
    const gates = this.#gates;
    const passed = this.#passed;
    this.#gates = nowhere;
    this.#passed = 0;
    this.#taker = undefined;
    this.deadlineAt = Infinity;
    this.#upstream?.leavePlace();
    this.#upstream = undefined;
    for (let i = passed - 1; i >= 0; i--) gates[i]!.leave(ms, now);
  }
}

const nowhere: readonly Gate[] = [];
