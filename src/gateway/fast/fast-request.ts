import {
  type CanonicalHead,
  clientAddress,
  createPeer,
  fellowGateway,
  normalizePath,
  type Peer,
  requestField,
} from "../../http/index.ts";
import type { ResolvedCache } from "../../config/index.ts";
import type { LoggedRequest } from "../access-line.ts";
import type { KeyedRequest } from "../balancing/request-key.ts";
import type { CacheableRequest, HttpCache } from "../cache-port.ts";
import type { Reception } from "../inbound-request.ts";
import type { Ruling } from "../limits-port.ts";
import { brownoutField } from "../overload/brownout.ts";
import type { RoutedRequest } from "../routing/route-table.ts";
import { compileSection, type RequestSection, type SectionFault } from "./request-section.ts";

export type RequestFault = SectionFault | "head-size" | "target-size" | "path";

/** A longer section is not remembered for the next request. */
const maxRememberedSection = 4_096;

/** To these methods a body belongs: that there is none is said (RFC 9110 §8.6). */
const expectsBody: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** A canonical request in the words of the policies. One object serves all requests of a connection. */
export class FastRequest implements RoutedRequest, KeyedRequest, LoggedRequest {
  method = "";
  rawTarget = "";
  /** Normalised, without the query. */
  path = "";
  requestId = "";
  /** The client wants this to be the last request of the connection. It is asked when the connection ends: the section may be forgotten by then. */
  closes = false;
  /** Of limits; `undefined`: none concerns it. */
  ruling: Ruling | undefined = undefined;
  readonly #address: string | undefined;
  #peer: Peer;
  #section: RequestSection | undefined = undefined;

  /** @param address of the other end of the socket */
  constructor(address: string | undefined) {
    this.#address = address;
    this.#peer = createPeer(address, () => false);
  }

  /** Takes over a head. @returns why this is a request for the full path; then nothing else may be asked */
  read(head: CanonicalHead, reception: Reception): RequestFault | undefined {
    if (head.end > reception.maxHeadBytes) return "head-size";
    const { target, section } = head;
    if (target.length > reception.maxTargetLength) return "target-size";
    const query = target.indexOf("?");
    const path = normalizePath(query === -1 ? target : target.slice(0, query));
    if (path === undefined) return "path";
    if (this.#section?.text !== section || this.#section.reception !== reception) {
      // Who is trusted may have changed.
      if (this.#section?.reception !== reception)
        this.#peer = reception.isFellow ? fellowGateway : createPeer(this.#address, reception.isTrusted);
      const compiled = compileSection(remembered(section), this.#peer, reception);
      if (typeof compiled === "string") return compiled;
      this.#section = compiled;
    }
    this.method = head.method;
    this.rawTarget = target;
    this.path = path;
    this.closes = this.#section.closes;
    this.requestId = this.#section.requestId ?? reception.nextRequestId();
    return undefined;
  }

  /** Between requests: what is too large to be kept for the next one goes. */
  forget(): void {
    if (this.#section !== undefined && this.#section.text.length > maxRememberedSection) this.#section = undefined;
  }

  get host(): string {
    return this.#section!.host;
  }

  get service(): string | undefined {
    const { reception, head } = this.#section!;
    return reception.isFellow ? head.service : reception.service;
  }

  /** On behalf of another gateway process. */
  get isFellow(): boolean {
    return this.#section!.reception.isFellow;
  }

  /** Whoever lists fields in Connection is served on the full path. */
  get namesFields(): boolean {
    return false;
  }

  get bodyLength(): number {
    return this.#section!.bodyLength;
  }

  get clientAddress(): string {
    const { head, reception } = this.#section!;
    return clientAddress(head, this.#peer, reception.isTrusted);
  }

  get isSecure(): boolean {
    return this.#peer.trusted && this.#section!.head.forwardedProto === "https";
  }

  header(name: string): string | undefined {
    return requestField(this.#section!.raw, name);
  }

  get fields(): readonly string[] {
    return this.#section!.raw;
  }

  /** As a cache sees it. */
  cacheable(service: string, rules: ResolvedCache, cache: HttpCache): CacheableRequest {
    const section = this.#section!;
    section.cacheView ??= cache.read(section.raw);
    return {
      method: this.method,
      view: section.cacheView,
      fields: section.raw,
      service,
      origin: section.origin,
      target: this.rawTarget,
      rules,
      isFellow: this.isFellow,
    };
  }

  /** To fetch it for a cache; without the empty line. */
  fetchHead(): string {
    const { before, behind } = this.#section!;
    return `GET ${this.rawTarget} HTTP/1.1\r\n${before}${this.requestId}${behind}`;
  }

  /** The head for the upstream, with the empty line. @param isDimmed the service may do less for it */
  outboundHead(isDimmed: boolean): string {
    const { method } = this;
    const { behind, bodyLength } = this.#section!;
    const before = isDimmed ? brownoutField.addToLines(this.#section!.before) : this.#section!.before;
    const length =
      bodyLength > 0 ? `Content-Length: ${bodyLength}\r\n` : expectsBody.has(method) ? "Content-Length: 0\r\n" : "";
    return `${method} ${this.rawTarget} HTTP/1.1\r\n${before}${this.requestId}${behind}${length}\r\n`;
  }
}

/** A part of a string keeps the whole in memory, which for a section may be a body of kilobytes: what is kept is copied. */
function remembered(section: string): string {
  return section.length > maxRememberedSection ? section : Buffer.from(section, "latin1").toString("latin1");
}
