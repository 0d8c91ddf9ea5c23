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

/** For messages of Redis and of its client: old servers repeat what they do not understand, such as a greeting with a password. */
export function withoutSecrets(message: string, url: string): string {
  const { password = "" } = URL.parse(url) ?? {};
  const said = message.split(/,? with args/, 1)[0]!;
  return [password, decoded(password)]
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "…"), said);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
