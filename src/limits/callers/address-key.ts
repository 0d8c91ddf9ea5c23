import { isIPv6 } from "node:net";

/**
 * What a client is counted by: of IPv6 the /64, as that is what one customer has, and he can use any address of it; an IPv4 address
 * that is written as IPv6 counts as what it is.
 */
export function addressKey(address: string): string {
  if (address === "") return "unknown";
  if (!address.includes(":")) return address;
  const plain = address.replace(portOrZone, "$1$2$3");
  if (!isIPv6(plain)) return plain;
  const groups = toGroups(plain);
  if (groups.every((group, i) => i > 5 || group === (i === 5 ? 0xffff : 0))) {
    return [groups[6]! >> 8, groups[6]! & 0xff, groups[7]! >> 8, groups[7]! & 0xff].join(".");
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(":")}::/64`;
}

/** Some proxies name the client with its port, and each connection has another: `"203.0.113.7:4711"`, `"[2001:db8::1]:4711"`. */
const portOrZone = /^(?:\[([^\]%]*)[^\]]*\](?::\d+)?|([\d.]+):\d+|([^%]+)%.*)$/;

function toGroups(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const before = toNumbers(head);
  if (tail === undefined) return before;
  const after = toNumbers(tail);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function toNumbers(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a, b, c, d] = group.split(".").map(Number);
    return [(a! << 8) | b!, (c! << 8) | d!];
  });
}
