/** What an intermediary does with a header field of a request. */
export type FieldKind =
  | "end-to-end"
  /** Ends here (RFC 9110 §7.6.1), or would say what only the gateway may say. */
  | "dropped"
  | "host"
  | "connection"
  | "content-length"
  | "transfer-encoding"
  | "upgrade"
  | "expect"
  | "te"
  | "trailer"
  | "via"
  | "forwarded"
  | "x-forwarded-for"
  | "x-forwarded-host"
  | "x-forwarded-proto"
  /** Says who the client is in another spelling, or what only the gateway may say of a request: believed from a trusted proxy, else dropped. */
  | "claim"
  | "x-request-id"
  /** The service that a gateway process asks another process for. */
  | "tenfold-service";

const kinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ["keep-alive", "dropped"],
  ["proxy-connection", "dropped"],
  ["proxy-authorization", "dropped"],
  ["proxy-authenticate", "dropped"],
  ["http2-settings", "dropped"],
  ["host", "host"],
  ["connection", "connection"],
  ["content-length", "content-length"],
  ["transfer-encoding", "transfer-encoding"],
  ["upgrade", "upgrade"],
  ["expect", "expect"],
  ["te", "te"],
  ["trailer", "trailer"],
  ["via", "via"],
  ["forwarded", "forwarded"],
  ["x-forwarded-for", "x-forwarded-for"],
  ["x-forwarded-host", "x-forwarded-host"],
  ["x-forwarded-proto", "x-forwarded-proto"],
  ["x-forwarded-port", "claim"],
  ["x-forwarded-prefix", "claim"],
  ["x-forwarded-server", "claim"],
  ["x-forwarded-ssl", "claim"],
  ["x-real-ip", "claim"],
  ["x-tenfold-brownout", "claim"],
  ["x-request-id", "x-request-id"],
  ["tenfold-service", "tenfold-service"],
]);

/** Lengths that a special name has: any other name is end-to-end without being lowered and looked up. */
const specialLengths: readonly boolean[] = Array.from({ length: 64 }, (_, length) =>
  [...kinds.keys()].some((name) => name.length === length),
);

export function fieldKind(name: string): FieldKind {
  if (specialLengths[name.length] !== true) return "end-to-end";
  return kinds.get(name.toLowerCase()) ?? "end-to-end";
}
