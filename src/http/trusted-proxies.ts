import { BlockList, isIP, isIPv6 } from "node:net";
import { plainAddress } from "./forwarding.ts";

/**
 * Which peers are proxies of our own.
 *
 * @param networks addresses (`"10.0.0.1"`, `"::1"`) or networks (`"10.0.0.0/8"`); what is neither matches nothing
 */
export function createTrust(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    if (isIP(address) === 0) continue;
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? "ipv6" : "ipv4");
  };
}
