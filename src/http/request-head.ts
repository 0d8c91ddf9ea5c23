import { fieldKind } from "./field-kinds.ts";

/**
 * A request's header section, read once from the raw array: what the gateway decides by, and the end-to-end fields in
 * their order and spelling. Repeated list fields are joined as RFC 9110 §5.3 says.
 */
export class RequestHead {
  /** Name, value, name, value: what passes through unchanged. Content-Length is among them. */
  readonly fields: string[] = [];
  host: string | undefined = undefined;
  /** More than one Host is an attack or a bug (RFC 9112 §3.2). */
  hosts = 0;
  /** As sent; digits only, once the request is admitted. */
  contentLength: string | undefined = undefined;
  contentLengths = 0;
  transferEncoding: string | undefined = undefined;
  connection: string | undefined = undefined;
  upgrade: string | undefined = undefined;
  expect: string | undefined = undefined;
  te: string | undefined = undefined;
  trailer: string | undefined = undefined;
  via: string | undefined = undefined;
  forwarded: string | undefined = undefined;
  forwardedFor: string | undefined = undefined;
  forwardedHost: string | undefined = undefined;
  forwardedProto: string | undefined = undefined;
  requestId: string | undefined = undefined;
  /** As another gateway process of this machine names it. */
  service: string | undefined = undefined;
  /** Name, value …: other claims about the client, for a trusted proxy to make. */
  claims: string[] | undefined = undefined;
}

/** Fields that a client must not be able to remove by listing them in Connection. */
const critical: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "content-type",
  "content-encoding",
  "authorization",
  "cookie",
  "origin",
  "traceparent",
  "tracestate",
]);

/** @param raw name, value, name, value, as Node's `rawHeaders` */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const head = new RequestHead();
  const { fields } = head;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!;
    const value = raw[i + 1]!;
    const kind = fieldKind(name);
    if (kind === "end-to-end") {
      // `X_User` and `X-User` are one variable to CGI and WSGI: such a name would pass what checks the other (nginx drops it too).
      if (!name.includes("_")) fields.push(name, value);
      continue;
    }
    switch (kind) {
      case "host":
        head.host = value;
        head.hosts++;
        break;
      case "content-length":
        head.contentLength = value;
        head.contentLengths++;
        fields.push(name, value);
        break;
      case "connection":
        head.connection = join(head.connection, value);
        break;
      case "transfer-encoding":
        head.transferEncoding = join(head.transferEncoding, value);
        break;
      case "upgrade":
        head.upgrade = join(head.upgrade, value);
        break;
      case "expect":
        head.expect = join(head.expect, value);
        break;
      case "te":
        head.te = join(head.te, value);
        break;
      case "trailer":
        head.trailer = join(head.trailer, value);
        break;
      case "via":
        head.via = join(head.via, value);
        break;
      case "forwarded":
        head.forwarded = join(head.forwarded, value);
        break;
      case "x-forwarded-for":
        head.forwardedFor = join(head.forwardedFor, value);
        break;
      case "x-forwarded-host":
        head.forwardedHost ??= value;
        break;
      case "x-forwarded-proto":
        head.forwardedProto ??= value;
        break;
      case "tenfold-service":
        head.service = value;
        break;
      case "x-request-id":
        head.requestId ??= value;
        break;
      case "claim":
        (head.claims ??= []).push(name, value);
        break;
      case "dropped":
        break;
    }
  }
  if (head.connection !== undefined) removeListed(fields, head.connection);
  return head;
}

/** Removes in place the fields that a Connection value lists (RFC 9110 §7.6.1), but none that is critical. */
export function removeListed(fields: string[], connection: string): void {
  const plain = connection.length <= 10 ? connection.toLowerCase() : connection;
  if (plain === "keep-alive" || plain === "close" || plain === "upgrade") return;
  const listed = new Set(connection.split(",").map((token) => token.trim().toLowerCase()));
  let kept = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    if (listed.has(name) && !critical.has(name)) continue;
    fields[kept++] = fields[i]!;
    fields[kept++] = fields[i + 1]!;
  }
  fields.length = kept;
}

function join(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`;
}
