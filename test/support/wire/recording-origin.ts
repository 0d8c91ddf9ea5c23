import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type AnswerPlan, numberOf, renderAnswer } from "./answer-plan.ts";
import { forwardedRequests } from "./grammar.ts";
import { MessageReader } from "./message-reader.ts";
import { valuesOf, type WireMessage } from "./message.ts";
import { turns } from "./turns.ts";

/** An origin that writes down what it gets, byte by byte, and answers as the case at hand says. */
export class RecordingOrigin implements AsyncDisposable {
  /** Of the case at hand, in the order in which their heads came. */
  requests: WireMessage[] = [];
  /** What no origin should ever be sent. */
  faults: string[] = [];
  /** Counts everything that moves. */
  movements = 0;
  plans: readonly AnswerPlan[] = [];
  readonly connections = new Set<OriginConnection>();
  readonly #server: Server = createServer((socket) => new OriginConnection(this, socket));

  /** @param path of a unix socket; not given: any port */
  async listen(path?: string): Promise<this> {
    this.#server.listen(path ?? { port: 0, host: "127.0.0.1" });
    await once(this.#server, "listening");
    return this;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "string" ? 0 : (address as AddressInfo).port;
  }

  begin(plans: readonly AnswerPlan[]): void {
    this.plans = plans;
    this.requests = [];
    this.faults = [];
    for (const connection of this.connections) connection.forget();
  }

  /** Connections in the middle of a request or an answer. */
  get busy(): OriginConnection[] {
    return [...this.connections].filter((connection) => !connection.isIdle);
  }

  get isBusy(): boolean {
    for (const connection of this.connections) if (!connection.isIdle) return true;
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

class OriginConnection {
  readonly socket: Socket;
  readonly #origin: RecordingOrigin;
  #reader = new MessageReader(forwardedRequests);
  #seen = 0;
  #answered = 0;
  #isWriting = false;
  #isTunnel = false;

  constructor(origin: RecordingOrigin, socket: Socket) {
    this.#origin = origin;
    this.socket = socket;
    origin.movements++;
    origin.connections.add(this);
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#onData(bytes.toString("latin1")));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      origin.movements++;
      origin.connections.delete(this);
    });
  }

  get isIdle(): boolean {
    return !this.#isTunnel && !this.#isWriting && this.#reader.isBetween && this.#answered === this.#seen;
  }

  /** Another case begins. */
  forget(): void {
    if (!this.isIdle) return;
    this.#reader = new MessageReader(forwardedRequests);
    this.#seen = this.#answered = 0;
  }

  #onData(bytes: string): void {
    this.#origin.movements++;
    if (this.#isTunnel) return void this.socket.write(bytes, "latin1");
    const { messages } = this.#reader.push(bytes);
    const { fault } = this.#reader;
    if (fault !== undefined) {
      this.#origin.faults.push(`the origin was sent something malformed: ${fault}`);
      this.socket.destroy();
      return;
    }
    for (; this.#seen < messages.length; this.#seen++) {
      if (this.#answered < this.#seen) this.#origin.faults.push("a request came before the last one was answered");
      this.#origin.requests.push(messages[this.#seen]!);
      this.#onHead(messages[this.#seen]!);
    }
    void this.#answerNext();
  }

  #onHead(request: WireMessage): void {
    if (this.#planOf(request).at !== "head" && valuesOf(request.fields, "expect").length > 0)
      this.socket.write("HTTP/1.1 100 Continue\r\n\r\n");
  }

  #planOf(request: WireMessage): AnswerPlan {
    const { plans } = this.#origin;
    return plans[numberOf(request) % plans.length]!;
  }

  async #answerNext(): Promise<void> {
    const request = this.#reader.messages[this.#answered];
    if (request === undefined || this.#isWriting) return;
    const plan = this.#planOf(request);
    if (plan.at === "never" || (plan.at === "end" && !request.isComplete)) return;
    if (plan.status === 101 && valuesOf(request.fields, "upgrade").length > 0) return this.#switch();
    this.#isWriting = true;
    for (const [i, piece] of renderAnswer(plan, request).entries()) {
      if (i > 0) await turns(2);
      if (this.socket.destroyed) return;
      this.#origin.movements++;
      this.socket.write(piece, "latin1");
    }
    this.#isWriting = false;
    this.#answered++;
    if (plan.closes || plan.framing === "close") this.socket.end();
    else void this.#answerNext();
  }

  /** From here on it says again what it hears. */
  #switch(): void {
    this.#isTunnel = true;
    this.socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    if (this.#reader.rest !== "") this.socket.write(this.#reader.rest, "latin1");
  }
}
