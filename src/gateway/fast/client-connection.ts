import { Socket } from "node:net";
import { CanonicalHead, type HeadFault, type Problem, problemAnswer, readCanonicalHead } from "../../http/index.ts";
import type { DataPlane, FastLane } from "../data-plane.ts";
import type { Reception } from "../inbound-request.ts";
import { limitLines, refusalOf } from "../limit-refusal.ts";
import type { Ruling } from "../limits-port.ts";
import { endLingering } from "../linger.ts";
import * as problems from "../problems.ts";
import type { Upstream } from "../upstream.ts";
import { changeOf } from "../caching/changes.ts";
import { CachedReading } from "./cached-reading.ts";
import { ClientWriter } from "./client-writer.ts";
import { FastExchange } from "./fast-exchange.ts";
import type { FastExchangeHost } from "./fast-exchange-host.ts";
import { FastRequest, type RequestFault } from "./fast-request.ts";

export type HandOverReason = HeadFault | RequestFault | "no-route" | "slow-head";

export interface ClientConnectionHost {
  readonly plane: DataPlane;
  /** Of the listener, as the current snapshot says. */
  readonly reception: Reception;
  /** The connection is the full path's from now on; the bytes that were read are in front of it again. */
  handOver(socket: Socket): void;
  onClosed(connection: ClientConnection): void;
}

/** What all connections read into: what is read is taken out of it before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
/** While a request is answered, this much of what is pipelined behind it is read, so that a client is noticed that leaves. */
const maxWaiting = 256 * 1024;
/** A head that comes in more pieces than this is handed over: with each piece, all that has come is looked at again. */
const maxHeadPieces = 32;
/** As Node's server does: a request may be on its way when the time that was promised is over. */
const keepAliveMarginMs = 1_000;

/**
 * A client's connection on the fast path. It brings requests one after another; what comes behind a request waits until that one is
 * answered. The first request that is not canonical takes the connection, and all bytes not served yet,
 * to the full path for good.
 */
export class ClientConnection implements FastExchangeHost, FastLane {
  readonly #host: ClientConnectionHost;
  readonly #socket: Socket;
  readonly writer: ClientWriter;
  readonly #exchange: FastExchange;
  readonly #reading: CachedReading;
  readonly #request: FastRequest;
  readonly #head = new CanonicalHead();
  /** Read, but not served yet, as latin1. */
  #waiting = "";
  /** So far, of the head that is awaited. */
  #headPieces = 0;
  /** When the wait began that a head or the next request ends; 0: since the last look at the deadlines. */
  #waitsSince = 0;
  #hasServed = false;
  #isPaused = false;
  #isServing = false;
  /** Limits are asked about the request whose head is in front of what waits. */
  #isHeld = false;
  /** What they have said. */
  #ruling: Ruling | undefined = undefined;
  #mode: "fast" | "handed-over" | "ending" = "fast";

  /** @param handle of an accepted connection, as Node's server is given it */
  constructor(handle: unknown, host: ClientConnectionHost) {
    this.#host = host;
    this.#socket = new Socket({
      handle,
      allowHalfOpen: true,
      onread: { buffer: readBuffer, callback: (length: number) => this.#onRead(length) },
    } as ConstructorParameters<typeof Socket>[0]);
    this.#socket.setNoDelay(true);
    this.writer = new ClientWriter(this.#socket, this.#onTaken);
    this.#request = new FastRequest(this.#socket.remoteAddress);
    this.#exchange = new FastExchange(this.#request, this);
    this.#reading = new CachedReading(this.#request, this.#exchange, this, host.plane);
    this.#socket.on("end", this.#onEnd);
    this.#socket.on("error", ignore);
    this.#socket.on("close", this.#onClose);
  }

  get upstream(): Upstream | undefined {
    return this.#exchange.upstream;
  }

  get isIdle(): boolean {
    return this.#mode === "fast" && !this.#isBusy && this.#waiting === "";
  }

  /** A request is being answered. */
  get #isBusy(): boolean {
    return this.#exchange.isActive || this.#reading.isActive || this.#isHeld;
  }

  get plane(): DataPlane {
    return this.#host.plane;
  }

  ownLines(isLast: boolean): string {
    const persistence = isLast ? "Connection: close\r\n" : this.#host.reception.keepAliveLines;
    return limitLines(this.#request.ruling) + persistence;
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (!this.#socket.destroyed) this.#socket.read(0);
  }

  offerWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = "";
    this.#isPaused = false;
    this.#waiting = waiting.slice(this.#exchange.onClientBytes(waiting));
    if (!this.#isPaused && !this.#socket.destroyed) this.#socket.read(0);
  }

  moveAway(): void {
    this.#exchange.moveAway();
  }

  checkDeadline(now: number): void {
    if (this.#exchange.isActive) return this.#exchange.checkDeadline(now);
    if (this.#reading.isActive) return this.#reading.checkDeadline(now);
    // Whoever is asked about limits answers in time.
    if (this.#mode !== "fast" || this.#isHeld) return;
    const { headTimeoutMs, keepAliveTimeoutMs } = this.#host.plane.snapshot.settings;
    if (this.#waitsSince === 0) this.#waitsSince = now;
    const waitedMs = now - this.#waitsSince;
    if (this.#waiting === "" && this.#hasServed) {
      if (waitedMs > keepAliveTimeoutMs + keepAliveMarginMs) this.destroy();
    } else if (waitedMs > headTimeoutMs) this.#refuse(problems.headTimeout);
  }

  onFinished(isLast: boolean): void {
    const { plane } = this.#host;
    plane.paths.active--;
    plane.paths.fast++;
    plane.record(this.#request, this.#exchange.course);
    this.#request.forget();
    this.#hasServed = true;
    this.#waitsSince = 0;
    if (this.#mode !== "fast") return;
    if (isLast) this.#end();
    else if (!this.#isServing) this.#serve();
  }

  /** When it has nothing to do. */
  closeIdle(): void {
    if (this.isIdle) this.#end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onRead(length: number): boolean {
    if (this.#mode === "handed-over") return this.#socket.push(Buffer.from(readBuffer.subarray(0, length)));
    if (this.#mode === "ending") return true;
    const text = readBuffer.toString("latin1", 0, length);
    if (this.#isBusy) {
      const taken = this.#exchange.onClientBytes(text);
      if (taken < text.length) {
        this.#waiting += text.slice(taken);
        this.#isPaused = this.#waiting.length >= maxWaiting;
        if (!this.#isBusy) this.#serve();
      }
    } else {
      if (this.#waiting === "") this.#waitsSince = 0;
      this.#waiting += text;
      this.#serve();
    }
    return !this.#isPaused;
  }

  /** Serves what waits, as far as it is whole. A loop: answers of the gateway's own come at once. */
  #serve(): void {
    this.#isServing = true;
    while (this.#mode === "fast" && !this.#isBusy && this.#waiting !== "" && this.#serveNext());
    this.#isServing = false;
    // A body that waits for a place is read when there is one.
    if (this.#mode === "fast" && this.#waiting === "" && !this.#exchange.hasUnreadBody) this.resumeReading();
  }

  /** @returns `false`: what waits is the beginning of a head */
  #serveNext(): boolean {
    const { plane, reception } = this.#host;
    const verdict = readCanonicalHead(this.#waiting, this.#head);
    if (verdict === "partial") {
      if (this.#waiting.length > reception.maxHeadBytes) return this.#handOver("head-size");
      if (++this.#headPieces > maxHeadPieces) return this.#handOver("slow-head");
      this.resumeReading();
      return false;
    }
    this.#headPieces = 0;
    const fault = verdict === "whole" ? this.#request.read(this.#head, reception) : verdict;
    if (fault !== undefined) return this.#handOver(fault);
    const bodyEnd = this.#head.end + this.#request.bodyLength;
    const isWhole = bodyEnd <= this.#waiting.length;
    const destination = plane.route(this.#request);
    // The full path knows how to refuse a request whose body is on its way.
    if (destination === undefined && !isWhole) return this.#handOver("no-route");
    const ruling = destination === undefined ? undefined : (this.#ruling ?? plane.limit(destination, this.#request));
    if (ruling instanceof Promise) return this.#hold(ruling);
    this.#request.ruling = ruling;
    this.#ruling = undefined;
    const body = this.#waiting.slice(this.#head.end, bodyEnd);
    this.#waiting = this.#waiting.slice(bodyEnd);
    if (!isWhole) this.resumeReading();
    plane.paths.active++;
    const refusal = refusalOf(ruling);
    if (destination === undefined) this.#exchange.startRefused(problems.noRoute, body, undefined);
    else if (refusal !== undefined) this.#exchange.startRefused(refusal, body, destination.service);
    else if (plane.mayRead(destination, this.#request)) this.#reading.start(destination);
    else {
      this.#exchange.start(destination, body);
      this.#exchange.course.noteChange(changeOf(this.#request, destination, plane.cache));
    }
    return true;
  }

  /** Until limits have said whether it may pass; then it is read anew. */
  #hold(ruling: Promise<Ruling>): false {
    this.#isHeld = true;
    void ruling.then((settled) => {
      this.#isHeld = false;
      this.#ruling = settled;
      this.#serve();
    });
    return false;
  }

  #handOver(reason: HandOverReason): true {
    const { plane } = this.#host;
    this.#mode = "handed-over";
    plane.paths.handOver(reason);
    plane.removeLane(this);
    const socket = this.#socket;
    socket.removeListener("end", this.#onEnd).removeListener("error", ignore).removeListener("close", this.#onClose);
    socket.unshift(Buffer.from(this.#waiting, "latin1"));
    this.#waiting = "";
    this.resumeReading();
    this.#host.onClosed(this);
    this.#host.handOver(socket);
    return true;
  }

  /** For bytes that are no request. */
  #refuse(problem: Problem): void {
    const { plane, reception } = this.#host;
    plane.countUnrouted(problem.status);
    this.#socket.write(problemAnswer(problem, reception.nextRequestId()), "latin1");
    this.#end();
  }

  /** Our half is closed; what a client that expects more still sends is thrown away for a moment, so that the answer is not lost. */
  #end(): void {
    const socket = this.#socket;
    const isDone = this.#hasServed && this.#request.closes && this.#waiting === "" && !this.#exchange.hasUnreadBody;
    this.#mode = "ending";
    this.#waiting = "";
    this.resumeReading();
    if (socket.readableEnded || isDone) socket.destroySoon();
    else endLingering(socket);
  }

  readonly #onTaken = (): void => {
    if (this.#reading.isActive) this.#reading.onTaken();
    else this.#exchange.onTaken();
  };

  /** The client has closed its half: it does not wait for an answer. */
  readonly #onEnd = (): void => {
    if (this.#mode !== "fast") return;
    if (this.#isHeld || this.#reading.isActive || (this.#exchange.isActive && !this.#exchange.hasUnreadBody))
      this.destroy();
    else if (this.#exchange.isActive) this.#exchange.refuse(problems.notHttp);
    else if (this.#waiting === "") this.#end();
    else this.#refuse(problems.notHttp);
  };

  readonly #onClose = (): void => {
    this.#mode = "ending";
    this.#exchange.abandon();
    this.#reading.abandon();
    this.#host.plane.removeLane(this);
    this.#host.onClosed(this);
  };
}

function ignore(): void {}
