import { realpath } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { ResolvedStatic } from "../config/index.ts";
import { codeOf, listenPrivately, maxSocketPathBytes, type Runnable } from "../kernel/index.ts";
import { answerRequest } from "./answer-request.ts";
import { Compressor } from "./compressor.ts";
import { socketPathTooLong } from "./errors.ts";
import { FileTags } from "./file-tags.ts";
import { methodNotAllowed, overloaded, unreadable } from "./problems.ts";
import type { Workshop } from "./representation.ts";
import { sendProblem } from "./send-problem.ts";
import { chunkBytes, FileChanged } from "./site-file.ts";

export interface StaticServerOptions {
  /** Told of what keeps a file from being read and is nobody's request's fault. */
  readonly onError?: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Each has a file open, or two, and at most one chunk of each in memory. */
const maxUnderWay = 1_024;
/** A file that is rewritten all the time has no version to send. */
const maxTries = 3;
/** The gateway has its own, lower limit, and adds to what it lets through. */
const maxHeadBytes = 1024 * 1024;
const retirementLookMs = 500;

/**
 * Serves the files of a directory over HTTP on a private unix socket: an origin like any other for the gateway in whose process it is, whose cache,
 * limits and log it needs none of its own of.
 *
 * @example
 * await using files = new StaticServer("/run/app/files.sock", site);
 * await files.start();
 */
export class StaticServer implements Runnable {
  readonly socketPath: string;
  readonly #onError: (error: unknown) => void;
  readonly #workshop: Workshop;
  #site: ResolvedStatic;
  #server: Server | undefined;
  #underWay = 0;
  #connections = 0;
  #retirement: NodeJS.Timeout | undefined;

  constructor(
    socketPath: string,
    site: ResolvedStatic,
    { onError = () => {}, now = Date.now }: StaticServerOptions = {},
  ) {
    this.socketPath = socketPath;
    this.#site = site;
    this.#onError = onError;
    this.#workshop = { tags: new FileTags(now), compressor: new Compressor() };
  }

  /** @throws STATICFILES_SOCKET_PATH_TOO_LONG */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    if (Buffer.byteLength(this.socketPath) > maxSocketPathBytes) {
      throw socketPathTooLong(this.socketPath, maxSocketPathBytes);
    }
    this.#server = createServer({ maxHeaderSize: maxHeadBytes, highWaterMark: chunkBytes }, (req, res) =>
      this.#serve(req, res),
    );
    // The gateway is the only client: it closes what it no longer needs, and watches over what takes long.
    this.#server.keepAliveTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.on("connection", (socket) => {
      this.#connections++;
      socket.once("close", () => this.#connections--);
    });
    await listenPrivately(this.#server, this.socketPath);
  }

  /** From the next request on. */
  update(site: ResolvedStatic): void {
    this.#site = site;
  }

  /**
   * Ends when it is not needed any more. That is for the gateway to say, by closing its connections: a connection that is idle here may
   * have a request on its way, and one that is being made is not seen here at all. So it has to be quiet for a moment.
   */
  retire(): void {
    let wasQuiet = false;
    this.#retirement ??= setInterval(() => {
      const isQuiet = this.#connections === 0;
      if (isQuiet && wasQuiet) void this.stop();
      wasQuiet = isQuiet;
    }, retirementLookMs).unref();
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** At once. The socket is gone when this returns, before it resolves. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    clearInterval(this.#retirement);
    if (server === undefined) return;
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #serve(req: IncomingMessage, res: ServerResponse): void {
    if (req.method !== "GET" && req.method !== "HEAD") {
      return sendProblem(req, res, methodNotAllowed, ["Allow", "GET, HEAD"]);
    }
    if (this.#underWay >= maxUnderWay) return sendProblem(req, res, overloaded);
    this.#underWay++;
    res.once("close", () => this.#underWay--);
    void this.#answer(req, res);
  }

  /** Never rejects. */
  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await answerRequest(req, res, await this.#rootedSite(), this.#workshop);
      } catch (error) {
        // The client has gone, or has been promised something else: that must not look like an end.
        if (res.headersSent || res.closed) return void res.destroy();
        if (error instanceof FileChanged && tries < maxTries) continue;
        const isLoad = error instanceof FileChanged || codeOf(error) === "EMFILE" || codeOf(error) === "ENFILE";
        if (!(error instanceof FileChanged)) this.#onError(error);
        return sendProblem(req, res, isLoad ? overloaded : unreadable);
      }
    }
  }

  /** Resolved anew each time: deployments put another directory in the place of a link. A directory that is not there has no files. */
  async #rootedSite(): Promise<ResolvedStatic> {
    const directory = await realpath(this.#site.directory).catch(() => this.#site.directory);
    return { ...this.#site, directory };
  }
}
