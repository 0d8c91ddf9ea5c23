import type { RequestHead } from "./request-head.ts";

/** Who sent the request to us: the other end of the socket. */
export interface Peer {
  /** Without the `::ffff:` of a mapped IPv4 address; empty when the socket is gone. */
  readonly address: string;
  /** A proxy whose word about the client counts. */
  readonly trusted: boolean;
  /** The address as RFC 7239 writes a node: IPv6 in brackets and quotes. */
  readonly node: string;
}

/** Another gateway process of this machine, on behalf of a client: what it says of that is all there is to say. */
export const fellowGateway: Peer = { address: "", trusted: true, node: "unknown" };

export function createPeer(socketAddress: string | undefined, isTrusted: (address: string) => boolean): Peer {
  const address = plainAddress(socketAddress ?? "");
  const node = address === "" ? "unknown" : address.includes(":") ? `"[${address}]"` : address;
  return { address, trusted: address !== "" && isTrusted(address), node };
}

/** `"::ffff:10.0.0.1"` → `"10.0.0.1"`. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * The header section for the upstream: the end-to-end fields, then what this hop adds. What a peer that is not trusted
 * says about the client is replaced; what a trusted proxy says is extended (RFC 7239 §4, RFC 9110 §7.6.3).
 *
 * @returns name, value, name, value; the same array as `head.fields`
 */
export function addForwarding(head: RequestHead, host: string, peer: Peer, requestId: string): string[] {
  const { fields } = head;
  if (peer === fellowGateway) return addAsTold(head, host, requestId);
  const believed = peer.trusted;
  if (host !== "") fields.push("Host", host);
  if (believed && head.claims !== undefined) fields.push(...head.claims);
  fields.push(
    "X-Forwarded-For",
    believed && head.forwardedFor !== undefined ? `${head.forwardedFor}, ${peer.address}` : peer.address,
    "X-Forwarded-Proto",
    believed && isScheme(head.forwardedProto) ? head.forwardedProto! : "http",
  );
  const originalHost = believed && head.forwardedHost !== undefined ? head.forwardedHost : host;
  if (originalHost !== "") fields.push("X-Forwarded-Host", originalHost);
  const element = forwardedElement(peer, host);
  fields.push(
    "Forwarded",
    believed && head.forwarded !== undefined ? `${head.forwarded}, ${element}` : element,
    "Via",
    head.via === undefined ? "1.1 tenfold" : `${head.via}, 1.1 tenfold`,
    "X-Request-Id",
    requestId,
  );
  // TE itself ends here; that trailers are welcome is true of this hop too, as it passes them on.
  if (head.te !== undefined && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(head.te)) fields.push("TE", "trailers");
  return fields;
}

function addAsTold(head: RequestHead, host: string, requestId: string): string[] {
  const { fields, claims = [], forwardedFor, forwardedProto, forwardedHost, forwarded, via } = head;
  const add = (name: string, value: string | undefined): unknown => value !== undefined && fields.push(name, value);
  fields.push("Host", host, ...claims);
  add("X-Forwarded-For", forwardedFor);
  add("X-Forwarded-Proto", forwardedProto);
  add("X-Forwarded-Host", forwardedHost);
  add("Forwarded", forwarded);
  add("Via", via);
  fields.push("X-Request-Id", requestId);
  return fields;
}

function forwardedElement(peer: Peer, host: string): string {
  if (host === "") return `for=${peer.node};proto=http`;
  // A checked host holds neither quote nor backslash; with a port or brackets it is no token and must be quoted (RFC 7239 §4).
  return `for=${peer.node};host=${token.test(host) ? host : `"${host}"`};proto=http`;
}

function isScheme(value: string | undefined): boolean {
  return value === "http" || value === "https";
}

/**
 * The client's address: the peer, or, as far as proxies are trusted, who the last one that is not named: X-Forwarded-For
 * is read from the right and stops at the first address that is not a trusted proxy.
 */
export function clientAddress(head: RequestHead, peer: Peer, isTrusted: (address: string) => boolean): string {
  if (!peer.trusted || head.forwardedFor === undefined) return peer.address;
  const hops = head.forwardedFor.split(",");
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = plainAddress(hops[i]!.trim());
    if (i === 0 || !isTrusted(hop)) return hop === "" ? peer.address : hop;
  }
  return peer.address;
}
