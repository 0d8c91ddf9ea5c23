/**
 * What this cache did with a request, for whoever looks into it (RFC 9211 §2): the answer was stored, or why it was asked for.
 */
export type Handling =
  | { readonly hit: true; readonly ttlMs: number }
  | {
      readonly hit: false;
      readonly forwarded: Forwarding;
      /** What the origin said, where it is not what the client is told. */
      readonly originStatus?: number;
      readonly isStored?: boolean;
      /** Somebody else had asked the same already. */
      readonly isCollapsed?: boolean;
      readonly detail?: string;
    };

/** §2.2. */
export type Forwarding = "bypass" | "method" | "uri-miss" | "vary-miss" | "miss" | "request" | "stale" | "partial";

const name = "tenfold";

/**
 * The field's value: what caches nearer to the origin have said, then this one.
 *
 * @param before as the answer had it
 */
export function cacheStatus(handling: Handling, before?: string): string {
  const own = handling.hit ? hitText(handling.ttlMs) : forwardedText(handling);
  return before === undefined || before.trim() === "" ? own : `${before}, ${own}`;
}

/** Seconds; less than 0 once it is stale. */
function hitText(ttlMs: number): string {
  return `${name}; hit; ttl=${Math.floor(ttlMs / 1_000)}`;
}

function forwardedText({
  forwarded,
  originStatus,
  isStored,
  isCollapsed,
  detail,
}: Extract<Handling, { hit: false }>): string {
  return (
    `${name}; fwd=${forwarded}` +
    (originStatus === undefined ? "" : `; fwd-status=${originStatus}`) +
    (isStored === true ? "; stored" : "") +
    (isCollapsed === true ? "; collapsed" : "") +
    (detail === undefined ? "" : `; detail=${detail}`)
  );
}
