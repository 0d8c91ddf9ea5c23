import { METHODS } from "node:http";
import { Fault, type Field, type Framing, lengthOf, valuesOf, type WireMessage } from "./message.ts";

/** Which messages a reader expects, and what it lets pass. */
export interface Grammar {
  /** Bytes before a start line that are skipped. */
  readonly skipped: RegExp;
  readonly startLine: RegExp;
  /** The line before a chunk; its first group is the size. */
  readonly chunkLine: RegExp;
  /** @param index of the message among those that answer a request */
  framing(start: WireMessage["start"], fields: readonly Field[], index: number): BodyFraming | Fault;
}

export interface BodyFraming {
  readonly framing: Framing;
  readonly length: number;
}

/** Those that Node knows, but the one that is for forward proxies. */
const methods: ReadonlySet<string> = new Set(METHODS.filter((method) => method !== "CONNECT"));
const nothing = /^/;
const strictChunkLine = /^([0-9A-Fa-f]{1,8})$/;
const bodiless: BodyFraming = { framing: "none", length: 0 };

function announced(fields: readonly Field[], otherwise: Framing): BodyFraming | Fault {
  const length = lengthOf(fields);
  if (length instanceof Fault) return length;
  if (length === "chunked") return { framing: "chunked", length: 0 };
  if (length === undefined) return { framing: otherwise, length: 0 };
  return length === 0 ? bodiless : { framing: "length", length };
}

/** What an origin may be sent: RFC 9112 to the letter, and nothing that anybody could read otherwise. */
export const forwardedRequests: Grammar = {
  skipped: nothing,
  startLine: /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\/[\x21\x22\x24-\x7e]*) (HTTP\/1\.1)$/,
  chunkLine: strictChunkLine,
  framing(_, fields) {
    return valuesOf(fields, "host").length === 1 ? announced(fields, "none") : new Fault("not one Host");
  },
};

/** What a client sends, with everything that a careful server may let pass (RFC 9112 §2.2, §3, §7.1.1). */
export const clientRequests: Grammar = {
  skipped: /^[\r\n]*/,
  startLine:
    /^([A-Z-]+) +([/*][\x21-\x7e]*|[Hh][Tt]{2}[Pp][Ss]?:\/\/[\w.~:[\]-]+(?:[/?][\x21-\x7e]*)?) +(HTTP\/1\.[01])$/,
  chunkLine: /^(0*[0-9A-Fa-f]{1,16})(?:;.*)?$/,
  framing([method, , version], fields) {
    if (!methods.has(method)) return new Fault(`method ${method}`);
    if (version === "HTTP/1.0" && valuesOf(fields, "transfer-encoding").length > 0)
      return new Fault("coding in HTTP/1.0");
    return announced(fields, "none");
  },
};

/** What a client is answered. @param methodOf the request that the answer of this index is for */
export function answers(methodOf: (index: number) => string): Grammar {
  return {
    skipped: nothing,
    startLine: /^(HTTP\/1\.1) (\d{3}) ([\t\x20-\x7e]*)$/,
    chunkLine: strictChunkLine,
    framing([, status], fields, index) {
      if (status === "101") return { framing: "opaque", length: 0 };
      // No body whatever the fields say (RFC 9112 §6.3).
      const isBodiless = status.startsWith("1") || status === "204" || status === "304" || methodOf(index) === "HEAD";
      return isBodiless ? bodiless : announced(fields, "close");
    },
  };
}
