import { limitStoreAddressInvalid } from "../errors.ts";

/**
 * How it is called in messages: without user, password and parameters.
 *
 * @throws LIMIT_STORE_ADDRESS, which does not repeat it
 */
export function describeRedis(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !["redis:", "rediss:", "unix:"].includes(parsed.protocol)) throw limitStoreAddressInvalid();
  if (parsed.protocol === "unix:") return `Redis at ${parsed.pathname}`;
  if (parsed.hostname === "" || !/^\/?\d*$/.test(parsed.pathname)) throw limitStoreAddressInvalid();
  return `Redis at ${parsed.hostname}:${parsed.port || "6379"}`;
}
