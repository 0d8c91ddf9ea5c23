import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { readTrailers } from "../http/index.ts";
import type { UpstreamRequest } from "./upstream.ts";

/**
 * Sends what undici cannot: `Expect: 100-continue`, the trailers of a request, a head before its body. Same handler, so that an attempt need not
 * know; a new connection for each, as such requests are rare.
 *
 * An upstream that says nothing to an Expect is sent the body after a second, since it may never have heard of it
 * (RFC 9110 §10.1.1).
 */
const continueWaitMs = 1_000;

interface Address {
  readonly origin: string;
  readonly socketPath: string | undefined;
}

export function completeDispatch(
  address: Address,
  request: UpstreamRequest,
  trailers: () => readonly string[],
  handler: Dispatcher.DispatchHandler,
): void {
  new CompleteCall(address, request, trailers, handler).start();
}

class CompleteCall implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  rawHeaders: string[] | null = null;
  rawTrailers: string[] | null = null;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #request: ClientRequest;
  readonly #body: Readable | undefined;
  readonly #trailers: () => readonly string[];
  #answer: IncomingMessage | undefined;
  readonly #expects: boolean;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(
    address: Address,
    request: UpstreamRequest,
    trailers: () => readonly string[],
    handler: Dispatcher.DispatchHandler,
  ) {
    this.#handler = handler;
    this.#body = (request.body ?? undefined) as Readable | undefined;
    this.#trailers = trailers;
    const headers = [...request.headers, "Connection", "close"];
    if (!hasField(headers, "content-length")) headers.push("Transfer-Encoding", "chunked");
    this.#expects = hasField(headers, "expect");
    const { hostname, port } = new URL(address.origin);
    this.#request = httpRequest({
      agent: false,
      method: request.method,
      path: request.path,
      headers,
      ...(address.socketPath === undefined
        ? { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) }
        : { socketPath: address.socketPath }),
    });
  }

  start(): void {
    this.#request.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", () => this.#onConnected());
      else this.#onConnected();
    });
    this.#request.on("information", ({ statusCode, rawHeaders }) => this.#onInformation(statusCode, rawHeaders));
    this.#request.on("continue", () => this.#sendBody());
    this.#request.on("response", (answer) => this.#onAnswer(answer));
    this.#request.on("error", (error) => this.#fail(error));
    this.#request.on("close", () => this.#fail(brokenOff()));
    if (this.#expects) this.#timer = setTimeout(() => this.#sendBody(), continueWaitMs);
    else {
      this.#request.flushHeaders();
      this.#sendBody();
    }
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#fail(reason);
  }

  pause(): void {
    this.paused = true;
    this.#answer?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#answer?.resume();
  }

  #onConnected(): void {
    this.#tell(() => this.#handler.onRequestStart?.(this, null));
  }

  #sendBody(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    if (this.#body === undefined) {
      this.#request.end();
      return;
    }
    this.#body.once("end", () => {
      const pairs = readTrailers(this.#trailers());
      if (pairs.length > 0) this.#request.addTrailers(pairs);
      this.#handler.onRequestSent?.();
    });
    this.#body.pipe(this.#request);
  }

  #onInformation(status: number, raw: string[]): void {
    if (this.#isOver || status === 100) return;
    this.rawHeaders = raw;
    this.#tell(() => this.#handler.onResponseStart?.(this, status, {}));
  }

  #onAnswer(answer: IncomingMessage): void {
    if (this.#isOver) return answer.destroy() && undefined;
    clearTimeout(this.#timer);
    this.#answer = answer;
    this.rawHeaders = answer.rawHeaders;
    answer.on("data", (chunk: Buffer) => this.#tell(() => this.#handler.onResponseData?.(this, chunk)));
    answer.on("end", () => this.#onEnd(answer));
    answer.on("error", (error) => this.#fail(error));
    answer.on("close", () => this.#fail(brokenOff()));
    this.#tell(() => this.#handler.onResponseStart?.(this, answer.statusCode!, {}, answer.statusMessage));
    if (this.paused) answer.pause();
  }

  #onEnd(answer: IncomingMessage): void {
    if (this.#isOver) return;
    if (!answer.complete) return this.#fail(brokenOff());
    this.#isOver = true;
    this.rawTrailers = answer.rawTrailers;
    this.#handler.onResponseEnd?.(this, {});
    this.#release();
  }

  /** What the handler cannot take ends the call, as it does in undici, not the process. */
  #tell(event: () => void): void {
    if (this.#isOver) return;
    try {
      event();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release();
    this.#handler.onResponseError?.(this, error);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#body?.unpipe(this.#request);
    this.#request.destroy();
  }
}

function brokenOff(): Error {
  return Object.assign(new Error("the upstream closed the connection"), { code: "ECONNRESET" });
}

function hasField(headers: readonly string[], name: string): boolean {
  return headers.some((field, i) => i % 2 === 0 && field.toLowerCase() === name);
}
