import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  addForwarding,
  clientAddress,
  createPeer,
  fellowGateway,
  hostName,
  isSaneRequestId,
  normalizePath,
  originOf,
  parseTarget,
  type Peer,
  type Problem,
  readRequestHead,
  type RequestHead,
} from "../http/index.ts";
import type { ResolvedCache } from "../config/index.ts";
import { findFault, type RequestLimits } from "./admission.ts";
import type { LoggedRequest } from "./access-line.ts";
import type { Ruling } from "./limits-port.ts";
import type { KeyedRequest } from "./balancing/request-key.ts";
import type { CacheableRequest, HttpCache } from "./cache-port.ts";
import { badRequest } from "./problems.ts";
import type { RoutedRequest } from "./routing/route-table.ts";

/** What requests are read by: of the current snapshot and of the listener they came to. */
export interface Reception extends RequestLimits {
  /** What comes in here all goes to this service. */
  readonly service: string | undefined;
  /** What comes in here comes from other gateway processes of this machine. */
  readonly isFellow: boolean;
  readonly isTrusted: (address: string) => boolean;
  readonly nextRequestId: () => string;
  /** Of an answer that is not the last of its connection, as Node's server writes them. */
  readonly keepAliveLines: string;
}

/** A request as it came in: read once, checked, in the words of the policies. */
export class InboundRequest implements RoutedRequest, KeyedRequest, LoggedRequest {
  readonly req: IncomingMessage;
  readonly method: string;
  readonly head: RequestHead;
  readonly requestId: string;
  readonly peer: Peer;
  /** On behalf of another gateway process. */
  readonly isFellow: boolean;
  /** The service it goes to whatever it says. */
  readonly service: string | undefined;
  /** Why it must not be forwarded. */
  readonly fault: Problem | undefined;
  /** Path and query, as sent to the upstream; `"*"` for the server as a whole. */
  readonly target: string = "*";
  /** Normalised, without the query. */
  readonly path: string = "";
  /** Lower case, without the port; empty when an HTTP/1.0 client sent none. */
  readonly host: string = "";
  /** As sent to the upstream. */
  readonly #authority: string = "";
  /** Of limits; `undefined`: none concerns it, or they have not been asked yet. */
  ruling: Ruling | undefined = undefined;
  #upstreamFields: string[] | undefined = undefined;
  readonly #isTrusted: (address: string) => boolean;

  constructor(req: IncomingMessage, reception: Reception) {
    this.req = req;
    this.method = req.method!;
    this.head = readRequestHead(req.rawHeaders);
    this.isFellow = reception.isFellow;
    this.service = reception.isFellow ? this.head.service : reception.service;
    this.#isTrusted = reception.isTrusted;
    this.peer = reception.isFellow ? fellowGateway : peerOf(req.socket, reception.isTrusted);
    const { requestId } = this.head;
    this.requestId = requestId !== undefined && isSaneRequestId(requestId) ? requestId : reception.nextRequestId();
    this.fault = findFault(req, this.head, reception);
    if (this.fault !== undefined) return;
    const target = parseTarget(req.url!, this.method);
    if (target === undefined) {
      this.fault = badRequest("The request's target is not valid.");
      return;
    }
    this.target = target.path;
    this.#authority = target.authority ?? this.head.host ?? "";
    this.host = hostName(this.#authority);
    if (target.path === "*") return;
    const query = target.path.indexOf("?");
    const path = normalizePath(query === -1 ? target.path : target.path.slice(0, query));
    if (path === undefined) this.fault = badRequest("The request's path can be read in more than one way.");
    else this.path = path;
  }

  get rawTarget(): string {
    return this.req.url!;
  }

  get isHttp11(): boolean {
    return this.req.httpVersionMinor > 0;
  }

  /** -1: not announced, it ends with the last chunk; 0: there is none. */
  get bodyLength(): number {
    const { transferEncoding } = this.head;
    // Of another coding nobody knows the end: the connection is of no more use.
    if (transferEncoding !== undefined) return transferEncoding.toLowerCase() === "chunked" ? -1 : 0;
    return this.head.contentLength === undefined ? 0 : Number(this.head.contentLength);
  }

  /** In Connection, beyond what concerns the connection itself. */
  get namesFields(): boolean {
    const { connection } = this.head;
    return (
      connection !== undefined && connection.split(",").some((each) => !ofConnection.has(each.trim().toLowerCase()))
    );
  }

  get expectsContinue(): boolean {
    return this.head.expect !== undefined && this.isHttp11 && this.bodyLength !== 0;
  }

  get clientAddress(): string {
    return clientAddress(this.head, this.peer, this.#isTrusted);
  }

  get isSecure(): boolean {
    return this.peer.trusted && this.head.forwardedProto === "https";
  }

  header(name: string): string | undefined {
    const { headers } = this.req;
    // `constructor` is a name that any object knows, and Set-Cookie, which no request should have, is a list.
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return typeof value === "object" ? value.join(", ") : value;
  }

  /** The header section for the upstream. */
  upstreamFields(): string[] {
    // Once only: it adds to what was read.
    return (this.#upstreamFields ??= addForwarding(this.head, this.#authority, this.peer, this.requestId));
  }

  get fields(): readonly string[] {
    return this.req.rawHeaders;
  }

  /** As a cache sees it. */
  cacheable(service: string, rules: ResolvedCache, cache: HttpCache): CacheableRequest {
    const { method, fields, target } = this;
    const origin = originOf(this.isSecure, this.#authority);
    return { method, view: cache.read(fields), fields, service, origin, target, rules, isFellow: this.isFellow };
  }

  /** To fetch it for a cache; without the empty line. */
  fetchHead(): string {
    const fields = this.upstreamFields();
    let head = `GET ${this.target} HTTP/1.1\r\n`;
    for (let i = 0; i < fields.length; i += 2) head += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
    return head;
  }
}

const ofConnection: ReadonlySet<string> = new Set(["", "close", "keep-alive", "te", "upgrade"]);

const peers = new WeakMap<Socket, { isTrusted: (address: string) => boolean; peer: Peer }>();

/** Looked up once per connection, and again when who is trusted has changed. */
function peerOf(socket: Socket, isTrusted: (address: string) => boolean): Peer {
  const known = peers.get(socket);
  if (known?.isTrusted === isTrusted) return known.peer;
  const peer = createPeer(socket.remoteAddress, isTrusted);
  peers.set(socket, { isTrusted, peer });
  return peer;
}
