import { isIP } from "node:net";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const name = new RegExp(`^${label}(?:\\.${label})*$`, "i");

/** A host name as RFC 1123, section 2.1, allows it, or an IP address without brackets. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (text.length <= 253 && name.test(text));
}

/** `"api.example.com"`, or `"*.example.com"` for every subdomain. No port. */
export function isHostPattern(text: string): boolean {
  return text.startsWith("*.") ? isHost(text.slice(2)) && isIP(text.slice(2)) === 0 : isHost(text);
}

/** Reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Whether two listening addresses may get in each other's way on one port. */
export function overlaps(a: string, b: string): boolean {
  const isAny = (host: string): boolean => host === "0.0.0.0" || host === "::";
  return (
    isAny(a) || isAny(b) || a === b || (isLoopback(a) && isLoopback(b) && (a === "localhost" || b === "localhost"))
  );
}

/** An address, or a network such as `"10.0.0.0/8"`. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
