import type { Dispatcher } from "undici";
import { reasonPhrase } from "../http/index.ts";
import { codeOf } from "../kernel/index.ts";
import type { AttemptFailure } from "./resilience/retry-policy.ts";
import type { Upstream } from "./upstream.ts";

/** Answers that only announce others; a flood of them is an attack or a bug. */
const maxInformational = 32;

type RawFields = readonly (Buffer | string)[];
type Duplex = Parameters<NonNullable<Dispatcher.DispatchHandler["onRequestUpgrade"]>>[3];

/** Whoever tries. Hears only of attempts that it has not given up. */
export interface AttemptListener {
  onInformation(status: number, fields: RawFields): void;
  onHead(status: number, statusText: string, fields: RawFields): void;
  onData(chunk: Buffer): void;
  onEnd(trailers: RawFields): void;
  onUpgraded(attempt: Attempt, fields: RawFields, socket: Duplex): void;
  onRequestSent(): void;
  onFailed(failure: AttemptFailure | "refused-by-client-library"): void;
}

/**
 * One try at one upstream. From `dispatch` until it is over, however it ends, it counts once in the upstream's in-flight
 * figure: least connections stands on that.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly upstream: Upstream;
  readonly #listener: AttemptListener;
  readonly #onReleased: (upstream: Upstream) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #isPending = true;
  #isOver = false;
  #hasHead = false;
  #informational = 0;
  #isTunnel = false;

  constructor(upstream: Upstream, listener: AttemptListener, onReleased: (upstream: Upstream) => void) {
    this.upstream = upstream;
    this.#listener = listener;
    this.#onReleased = onReleased;
    upstream.inFlight++;
    upstream.pending++;
    upstream.requests++;
  }

  /** It waits for a connection. */
  get isPending(): boolean {
    return this.#isPending;
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** Gives it up: the connection is closed, the listener hears no more. One that still waits for a connection ends when it gets it. */
  abandon(): void {
    if (this.#isOver) return;
    this.#release();
    this.#controller?.abort(abandoned);
  }

  /** The upgraded connection has ended. */
  endTunnel(): void {
    this.#release();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return controller.abort(abandoned);
    this.#controller = controller;
    this.#leavePending();
  }

  onRequestSent(): void {
    if (!this.#isOver) this.#listener.onRequestSent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, statusText = ""): void {
    if (this.#isOver) return;
    const fields = controller.rawHeaders as RawFields;
    if (status < 200) {
      if (++this.#informational > maxInformational) throw new Error("too many informational answers");
      this.#listener.onInformation(status, fields);
      return;
    }
    this.#hasHead = true;
    this.#listener.onHead(status, reasonPhrase(status, statusText), fields);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isOver) this.#listener.onData(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return;
    this.#release();
    this.#listener.onEnd((controller.rawTrailers ?? []) as RawFields);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, _status: number, _: unknown, socket: Duplex): void {
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    this.#hasHead = true;
    this.#isTunnel = true;
    this.upstream.tunnels++;
    this.#onReleased(this.upstream);
    this.#listener.onUpgraded(this, controller.rawHeaders as RawFields, socket);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    const failure = this.#classify(codeOf(error) ?? "");
    this.#release();
    this.#listener.onFailed(failure);
  }

  #classify(code: string): AttemptFailure | "refused-by-client-library" {
    if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") return "refused-by-client-library";
    if (code === "UND_ERR_CONNECT_TIMEOUT") return "timeout-connect";
    if (this.#isPending) return "connect";
    if (this.#hasHead) return "body";
    return code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW" || code === "" ? "malformed" : "reset";
  }

  #leavePending(): void {
    if (!this.#isPending) return;
    this.#isPending = false;
    this.upstream.pending--;
  }

  #release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isPending) this.upstream.pending--;
    this.upstream.inFlight--;
    if (this.#isTunnel) this.upstream.tunnels--;
    this.#onReleased(this.upstream);
  }
}

/** Not an error of anyone's. One object: its stack would say nothing, and cost microseconds. */
const abandoned = Object.assign(new Error("given up by the gateway"), { code: "GATEWAY_ABANDONED", stack: "" });
