/**
 * What a session has written and read: below that it must not read any more. Where it wrote is an exact position, told with each commit. Where it read is not
 * asked for, since that would cost each read something: it is remembered which server it read from, and when. There it may go on reading, since no server goes
 * back; another server will do if it has reached what that one is known to have reached later than the read.
 */
import { laterOf, type Position } from "../lsn.ts";

/** Of one server, until when something was read there. */
export interface Seen<N> {
  readonly node: N;
  /** What it has shown since it was started anew is something else. */
  readonly epoch: number;
  readonly until: number;
}

/** What a read of a session is chosen by. */
export interface MustSee<N> {
  /** `"lost"`: something was written, and it is not known where. */
  readonly written: Position | "lost" | undefined;
  /** When it was told where the last write is: what was read before then is not newer than that. */
  readonly writtenAt: number;
  readonly seen: readonly Seen<N>[];
}

export class Session<N = unknown> {
  #written: Position | undefined;
  #writtenAt = -Infinity;
  #isLost = false;
  #seen: readonly Seen<N>[] = [];
  #hasWritten = false;

  /** @param from what it goes on from: of a client's earlier request, of whoever has made a job */
  constructor(from?: Position) {
    this.#written = from;
  }

  get mustSee(): MustSee<N> {
    const written = this.#isLost ? "lost" : this.#written;
    return { written, writtenAt: this.#writtenAt, seen: this.#seen };
  }

  /** Here, not by whom it goes on from. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** @param position `undefined`: the connection broke before it was told */
  wrote(position: Position | undefined, at: number): void {
    this.#hasWritten = true;
    if (position === undefined) {
      this.#isLost = true;
      return;
    }
    this.#written = laterOf(this.#written, position);
    this.#writtenAt = at;
    // What was lost was before it, on the same server.
    this.#isLost = false;
  }

  /** Somebody else's writes, such as of an event that is handled now. */
  follow(position: Position): void {
    this.#written = laterOf(this.#written, position);
  }

  /** @param covers nothing of what was read elsewhere counts any more: this server is as far as they were */
  read(
    node: N,
    { epoch, at, covers }: { readonly epoch: number; readonly at: number; readonly covers: boolean },
  ): void {
    const others = covers ? [] : this.#seen.filter((each) => each.node !== node);
    this.#seen = [...others, { node, epoch, until: at }];
  }
}
