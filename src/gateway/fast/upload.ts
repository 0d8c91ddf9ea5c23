import type { UpstreamConnection } from "../../http/index.ts";
import { replayBytes } from "../request-body.ts";

/**
 * A request's body on its way, as latin1. Up to 64 KiB it is gathered before an upstream is chosen, so that it leaves with its head and can
 * be sent again; a larger one passes through as it comes, and can be sent again only while none of it has gone further than a
 * connection that is not made yet.
 */
export class Upload {
  /** What has come, as long as it may be sent again. */
  held = "";
  missingBytes = 0;
  canReplay = true;
  /** There is more than the upstream takes. */
  isBlocked = false;
  #isGathered = true;

  /** @param body what has come of it with the head */
  begin(length: number, body: string): void {
    this.held = body;
    this.missingBytes = length - body.length;
    this.#isGathered = length <= replayBytes;
    this.canReplay = true;
    this.isBlocked = false;
  }

  /** It must be whole before an upstream is chosen. */
  get isGathering(): boolean {
    return this.#isGathered && this.missingBytes > 0;
  }

  /** Takes what is the body's from the front of the bytes. */
  take(text: string): string {
    const own = text.length <= this.missingBytes ? text : text.slice(0, this.missingBytes);
    this.missingBytes -= own.length;
    if (this.#isGathered) this.held += own;
    return own;
  }

  /** Passes on more of it. @returns `false`: not all is taken; `onTaken` says when */
  pass(own: string, connection: UpstreamConnection, onTaken: () => void): boolean {
    if (connection.isPending) this.held += own;
    else {
      this.canReplay = false;
      this.held = "";
    }
    this.isBlocked = !connection.write(own, onTaken);
    return !this.isBlocked;
  }

  end(): void {
    this.held = "";
  }
}
