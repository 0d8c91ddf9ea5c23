import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { readResponseHead } from "../http/index.ts";

/** When one end has closed, what is on its way to the other has this long to arrive. */
const flushMs = 30_000;

/** In silence, the kernel asks after so long whether the other end is still there: a phone that left its network does not say so. */
const probeAfterMs = 60_000;

/**
 * Two connections joined after a `101 Switching Protocols`: bytes pass both ways, no faster than the slower end takes them,
 * until both ends have closed. One end may close its half and go on listening.
 */
export class Tunnel {
  readonly #client: Duplex;
  readonly #upstream: Duplex;
  readonly #onEnded: (tunnel: Tunnel) => void;
  #open = 2;

  constructor(client: Duplex, upstream: Duplex, onEnded: (tunnel: Tunnel) => void) {
    this.#client = client;
    this.#upstream = upstream;
    this.#onEnded = onEnded;
    upstream.allowHalfOpen = true;
    for (const socket of [client, upstream] as Socket[]) socket.setKeepAlive(true, probeAfterMs);
    this.#join(client, upstream);
    this.#join(upstream, client);
  }

  /** Bytes from the client, bytes to the client; heads included. */
  get bytes(): { readonly in: number; readonly out: number } {
    const socket = this.#client as Socket;
    return { in: socket.bytesRead, out: socket.bytesWritten };
  }

  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #join(from: Duplex, to: Duplex): void {
    from.on("error", () => from.destroy());
    from.pipe(to);
    from.once("close", () => {
      if (!to.destroyed) {
        (to as Socket).setTimeout(flushMs, () => to.destroy());
        (to as Socket).destroySoon();
      }
      if (--this.#open === 0) this.#onEnded(this);
    });
  }
}

/** The head of the answer that switches protocols, as text. */
export function switchingHead(raw: readonly (Buffer | string)[], requestId: string): string {
  const { fields } = readResponseHead(raw, requestId, { status: 101, keepTrailer: false });
  let text = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n";
  for (let i = 0; i < raw.length; i += 2) {
    if (String(raw[i]).toLowerCase() === "upgrade") text += `Upgrade: ${String(raw[i + 1])}\r\n`;
  }
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${text}\r\n`;
}
