import { rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnswerPlan, cutAt, plainAnswer } from "./answer-plan.ts";
import { findDifference } from "./agreement.ts";
import { type Observation, observe } from "./observation.ts";
import { PacedClient } from "./paced-client.ts";
import { RecordingOrigin } from "./recording-origin.ts";
import type { StartSubject, Subject } from "./subject.ts";
import { type Calm, calm, turns } from "./turns.ts";

/** What one client does on one connection, and how the origin behind the gateway answers it. */
export interface WireCase {
  /** latin1. */
  readonly bytes: string;
  /** Where sending pauses. */
  readonly cuts: readonly number[];
  /** For a few turns, or until nothing moves any more. */
  readonly pause: "short" | "long";
  /** By the number that a request has in its X-N. */
  readonly answers: readonly AnswerPlan[];
  /** What the client does when it has sent everything: waits, or closes its half when nothing moves any more, or at once. */
  readonly ending: "wait" | "half-close" | "half-close at once";
}

const usual: Calm = { turns: 12, ms: 4, deadlineMs: 10_000 };
/** For when two gateways seem to differ: whatever is late must be there by then. */
const patient: Calm = { turns: 60, ms: 250, deadlineMs: 20_000 };
/** Between two pieces: the first is read, and answered if it is refused, before the second is written. */
const gapTurns = 4;

/**
 * Gateways side by side, each before an origin of its own, which are shown the same bytes at the same time. One case at a time: what
 * is seen belongs to it. Connections to the origins live on between cases, as they do in use.
 */
export class Lane implements AsyncDisposable {
  readonly #sides: readonly Side[];
  readonly #directory: string | undefined;
  /** Seemed to differ, until everything had arrived. */
  late = 0;

  private constructor(sides: readonly Side[], directory: string | undefined) {
    this.#sides = sides;
    this.#directory = directory;
  }

  /** @param over what the gateways reach their origins */
  static async open(subjects: readonly StartSubject[], over: "tcp" | "unix"): Promise<Lane> {
    const directory = over === "unix" ? await mkdtemp(join(tmpdir(), "tenfold-lane-")) : undefined;
    const sides = await Promise.all(
      subjects.map((start, i) => Side.open(start, directory === undefined ? undefined : join(directory, `${i}.sock`))),
    );
    return new Lane(sides, directory);
  }

  /** Requests that were served on a fast path. */
  get fast(): number {
    return this.#sides.reduce((sum, side) => sum + side.fast, 0);
  }

  /** One observation for each gateway. */
  async run(wire: WireCase): Promise<Observation[]> {
    for (const side of this.#sides) side.begin(wire);
    await this.#deliver(wire);
    await this.#calm(usual);
    if (wire.ending === "half-close") {
      for (const side of this.#sides) side.client.end();
      await this.#calm(usual);
    }
    let seen = this.#observe();
    if (isUndecided(seen)) {
      for (const side of this.#sides) side.client.end();
      await this.#calm(usual);
      seen = this.#observe();
    }
    if (findDifference(seen, wire) !== undefined) {
      await this.#calm(patient);
      seen = this.#observe();
      if (findDifference(seen, wire) === undefined) this.late++;
    }
    const left = await this.#leave(mayHold(wire));
    return seen.map((each, i) => ({ ...each, faults: [...each.faults, ...left[i]!] }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const side of this.#sides) await side[Symbol.asyncDispose]();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }

  async #deliver({ bytes, cuts, pause, ending }: WireCase): Promise<void> {
    while (this.#sides.some(({ client }) => client.isConnecting)) await turns(1);
    for (const [i, piece] of cutAt(bytes, cuts).entries()) {
      if (i > 0) await (pause === "short" ? turns(gapTurns) : this.#calm(usual));
      for (const { client } of this.#sides) client.send(piece);
    }
    if (ending === "half-close at once") for (const { client } of this.#sides) client.end();
  }

  #observe(): Observation[] {
    return this.#sides.map((side) => side.observe());
  }

  /** The client leaves: everything that was under way for it must be let go of. @returns what was not, unless it may */
  async #leave(mayHold: boolean): Promise<string[][]> {
    for (const side of this.#sides) side.client.reset();
    const deadline = performance.now() + 2_000;
    do await turns(2);
    while (this.#sides.some((side) => !side.isFree) && performance.now() < deadline);
    const held = this.#sides.map((side) => (side.isFree ? [] : [side.release()]));
    return mayHold ? held.map(() => []) : held;
  }

  async #calm(how: Calm): Promise<void> {
    const movements = (): number => this.#sides.reduce((sum, side) => sum + side.movements, 0);
    if (!(await calm(movements, how))) throw new Error("bytes move without an end");
  }
}

class Side implements AsyncDisposable {
  client!: PacedClient;
  readonly #subject: Subject;
  readonly #origin: RecordingOrigin;
  #wire: WireCase | undefined;

  private constructor(subject: Subject, origin: RecordingOrigin) {
    this.#subject = subject;
    this.#origin = origin;
  }

  static async open(start: StartSubject, socketPath: string | undefined): Promise<Side> {
    const origin = await new RecordingOrigin().listen(socketPath);
    const subject = await start(socketPath === undefined ? { port: origin.port } : { port: 80, socketPath });
    return new Side(subject, origin);
  }

  get movements(): number {
    return this.client.movements + this.#origin.movements;
  }

  get fast(): number {
    return this.#subject.fast?.() ?? 0;
  }

  /** Of the client that has left. */
  get isFree(): boolean {
    return !this.#origin.isBusy && this.#subject.connections() === 0;
  }

  begin(wire: WireCase): void {
    this.#wire = wire;
    this.#origin.begin(wire.answers.length === 0 ? [plainAnswer] : wire.answers);
    this.client = new PacedClient(this.#subject.port);
  }

  observe(): Observation {
    const { bytes, answers } = this.#wire!;
    return observe({
      sent: bytes,
      received: this.client.received,
      isClosed: this.client.isClosed,
      forwarded: this.#origin.requests,
      faults: this.#origin.faults,
      attempts: answers.some(({ at, raw }) => at === "never" || raw !== undefined) ? 3 : 1,
    });
  }

  release(): string {
    const { busy } = this.#origin;
    for (const { socket } of busy) socket.destroy();
    return `held on to ${this.#subject.connections()} client and ${busy.length} upstream connections after the client left`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subject[Symbol.asyncDispose]();
    await this.#origin[Symbol.asyncDispose]();
  }
}

/**
 * While a large answer waits for its turn behind a request that is never answered, Node's server reads no more, and that the client has
 * left shows at the response's deadline only.
 */
function mayHold({ answers }: WireCase): boolean {
  return answers.some(({ at }) => at === "never") && answers.some(({ body }) => body.length > 16_384);
}

/**
 * Of a head whose end is missing one gateway says already that it is none, while the other waits for the rest: when that cannot come any
 * more, both must say so.
 */
function isUndecided(seen: readonly Observation[]): boolean {
  return seen[0]!.isUnfinished && new Set(seen.map(({ isClosed }) => isClosed)).size > 1;
}
