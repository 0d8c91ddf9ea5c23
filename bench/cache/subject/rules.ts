import type { ResolvedCache } from "../../../src/config/index.ts";

/** Of a service whose answers say for themselves how long they are fresh. */
export const rules: ResolvedCache = {
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  stripSetCookie: false,
  ignoresCookies: false,
  key: [],
};
