import type { Duplex } from "node:stream";
import type { Attempt } from "./attempt.ts";
import type { Exchange } from "./exchange.ts";
import { switchingHead, Tunnel } from "./tunnel.ts";

/** The upgraded connections of this gateway. */
export class Tunnels {
  readonly #open = new Set<Tunnel>();

  get size(): number {
    return this.#open.size;
  }

  open(exchange: Exchange, attempt: Attempt, fields: readonly (Buffer | string)[], upstream: Duplex): void {
    const { res } = exchange.answer;
    const client = exchange.request.req.socket;
    res.detachSocket(client);
    client.write(switchingHead(fields, exchange.request.requestId), "latin1");
    const tunnel = new Tunnel(client, upstream, () => {
      this.#open.delete(tunnel);
      attempt.endTunnel();
      exchange.course.bytesIn = tunnel.bytes.in;
      exchange.course.bytesOut = tunnel.bytes.out;
      exchange.finish();
    });
    this.#open.add(tunnel);
  }

  close(): void {
    for (const tunnel of this.#open) tunnel.destroy();
  }
}
