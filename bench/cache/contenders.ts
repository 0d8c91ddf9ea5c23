import type { Start } from "./cache-site.ts";
import { nginx } from "./peers/nginx.ts";
import { node } from "./peers/node.ts";
import { varnish } from "./peers/varnish.ts";

/** Everybody who is measured, by the name that results and tables have. */
export const contenders = {
  nginx: nginx(),
  // The same once more: what lies between the two is noise.
  "nginx, again": nginx(),
  "nginx, same fields": nginx({ addsFields: true }),
  "nginx, access log": nginx({ accessLog: true }),
  "nginx, stale while updating": nginx({ staleWhileUpdating: true }),
  varnish: varnish(),
  tenfold: node("tenfold"),
  "tenfold, again": node("tenfold"),
  "tenfold, full path": node("tenfold", { fastPath: false }),
  "tenfold, access log": node("tenfold", { accessLog: true }),
  "tenfold, 2 processes": node("gateways"),
  // No cache at all: nothing in Node can be faster.
  "canned answer on a raw socket": node("canned"),
} satisfies Readonly<Record<string, Start>>;

export type ContenderName = keyof typeof contenders;

/** By name; not all say the same of themselves. */
export function startContender(name: ContenderName, ...caching: Parameters<Start>): ReturnType<Start> {
  return contenders[name](...caching);
}
