import type { ResolvedCache } from "../config/index.ts";
import type { LimitedPlace } from "./limits-port.ts";
import type { RequestTerms } from "./overload/service-overload.ts";
import type { Service } from "./service.ts";

/** Where a request goes, and by what rules the cache is asked first. */
export interface Destination {
  readonly service: Service;
  /** `false`: the cache is not asked. */
  readonly rules: ResolvedCache | false;
  /** On what terms it has a place there. */
  readonly terms: RequestTerms;
  /** What limits know the place by; `undefined`: none concerns what goes there. */
  readonly limited: LimitedPlace | undefined;
}

/** One with a cache. */
export type CachedDestination = Destination & { readonly rules: ResolvedCache };

export interface MaybeCached {
  readonly method: string;
  readonly bodyLength: number;
  /** Empty when an HTTP/1.0 client sent none. */
  readonly host: string;
  /** Connection names fields that are not passed on: the service would not see what the cache tells requests apart by. */
  readonly namesFields: boolean;
}

/** A cache is asked about reads alone (RFC 9111 §2); a body would say what no key holds, and without a host there is no key. */
export function isCached({ method, bodyLength, host, namesFields }: MaybeCached): boolean {
  return bodyLength === 0 && (method === "GET" || method === "HEAD") && host !== "" && !namesFields;
}

/** Where a request goes whatever its target. */
export interface Addressed {
  readonly service: string | undefined;
  readonly isFellow: boolean;
}
