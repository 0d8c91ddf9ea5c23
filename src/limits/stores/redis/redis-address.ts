import { limitStoreAddressInvalid } from "../errors.ts";

/**
 * How it is called in messages: without user, password and parameters.
 *
 * @throws LIMITS_STORE_ADDRESS, which does not repeat it
 */
export function describeRedis(url: string): string {
  const socket = /^unix:\/\/(?:[^/]*@)?(\/[^?]+)/.exec(url);
  if (socket !== null) return `Redis at ${socket[1]}`;
  const parsed = URL.parse(url);
  if (parsed === null || !["redis:", "rediss:"].includes(parsed.protocol)) throw limitStoreAddressInvalid();
  if (parsed.hostname === "" || !/^\/?\d*$/.test(parsed.pathname)) throw limitStoreAddressInvalid();
  return `Redis at ${parsed.hostname}:${parsed.port || "6379"}`;
}

/** For messages of Redis and of its client: old servers repeat what they do not understand, such as a greeting with a password. */
export function withoutSecrets(message: string, url: string): string {
  const said = message.split(/,? with args/, 1)[0]!;
  const password = /^\w+:\/\/[^/@]*?:([^/]*)@/.exec(url)?.[1] ?? "";
  const secrets = [password, decoded(password)].filter((secret) => secret !== "");
  return secrets.reduce((text, secret) => text.replaceAll(secret, "…"), said);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
