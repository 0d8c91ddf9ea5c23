import assert from "node:assert/strict";
import { ManualClock } from "../../../../src/kernel/index.ts";
import { type CachingGateway, startCachingGateway } from "../../../support/cache/caching-gateway.ts";
import { type ClientAnswer, ClientExchange, type ClientRequest } from "../../../support/cache/wire-client.ts";
import { eventually } from "../../../support/gateway-fixtures.ts";
import { turns } from "../../../support/wire/turns.ts";
import { noon } from "../cache-case.ts";
import { mark, marksIn } from "./marker.ts";
import type { Personalising } from "./personalising.ts";
import { PersonalOrigin } from "./personal-origin.ts";

/** Users before one gateway before one origin; who was told what is looked at when all is over. */
export class Town implements AsyncDisposable {
  readonly origin: PersonalOrigin;
  readonly clock: ManualClock;
  readonly #gateway: CachingGateway;
  readonly #personalising: Personalising;
  readonly #asked: { readonly user: string; readonly exchange: ClientExchange }[] = [];

  private constructor(
    personalising: Personalising,
    { origin, clock, gateway }: { origin: PersonalOrigin; clock: ManualClock; gateway: CachingGateway },
  ) {
    this.#personalising = personalising;
    this.origin = origin;
    this.clock = clock;
    this.#gateway = gateway;
  }

  static async found(personalising: Personalising, fastPath: boolean): Promise<Town> {
    const { knownBy, rules = {}, says } = personalising;
    const clock = new ManualClock(noon);
    const origin = new PersonalOrigin(knownBy, says);
    await origin.start();
    const lenient = { staleWhileRevalidateMs: 60_000, staleIfErrorMs: 60_000 };
    const gateway = await startCachingGateway(origin.port, { clock, fastPath, rules: { ...lenient, ...rules } });
    return new Town(personalising, { origin, clock, gateway });
  }

  ask(user: string, more: Pick<ClientRequest, "method" | "fields"> = {}): ClientExchange {
    const { fields, from } = this.#personalising.as(user);
    const exchange = new ClientExchange(this.#gateway.port, {
      ...more,
      fields: [...fields, ...(more.fields ?? [])],
      ...(from === undefined ? {} : { from }),
    });
    this.#asked.push({ user, exchange });
    return exchange;
  }

  async told(user: string, more?: Pick<ClientRequest, "method" | "fields">): Promise<ClientAnswer> {
    return this.ask(user, more).whole();
  }

  /** Until so many requests wait at the origin. */
  async untilWaiting(count: number): Promise<void> {
    await eventually(
      () => this.origin.waiting >= count,
      () => `${this.origin.waiting} of ${count} requests wait at the origin`,
    );
    await this.settle();
  }

  /** What is on its way within this process arrives. */
  async settle(): Promise<void> {
    await turns(10);
  }

  /** Everything is answered, and nobody was told what was for another. */
  async conclude(): Promise<void> {
    this.origin.pace = "at once";
    this.origin.release();
    const { isKnown = true } = this.#personalising;
    const toldTo = new Map<string, string>();
    for (const { user, exchange } of this.#asked) {
      await exchange.whole().catch(() => undefined);
      const { answer } = exchange;
      if (answer === undefined) continue;
      for (const of of marksIn(answer)) {
        const other = toldTo.get(of) ?? user;
        toldTo.set(of, user);
        assert.equal(other, user, `${user} was told what was for ${other}: ${mark(of)} in ${JSON.stringify(answer)}`);
        if (isKnown) assert.equal(of, this.#personalising.called?.(user) ?? user, `${user} was told ${mark(of)}`);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { exchange } of this.#asked) exchange[Symbol.dispose]();
    await this.#gateway[Symbol.asyncDispose]();
    await this.origin[Symbol.asyncDispose]();
  }
}
