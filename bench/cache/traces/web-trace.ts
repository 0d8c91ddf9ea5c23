import { sizedPath } from "../origin.ts";
import type { Trace, TraceRequest } from "./trace.ts";

/** Downloads above this are no work for a cache in memory. */
const mostBytes = 2 ** 20;
const line = /^\S+ \S+ \S+ \[[^\]]*\] "GET (\S+) [^"]*" 200 (\d+)/;

/** What was asked of a web site, from its access log (combined format): all that was found, each URL with the most bytes it ever had. */
export function webTrace(log: string): Trace {
  const asked = log.split("\n").flatMap((text) => {
    const [, url, bytes] = line.exec(text) ?? [];
    return url === undefined ? [] : [{ url, bytes: Number(bytes) }];
  });
  const sizes = new Map<string, number>();
  for (const { url, bytes } of asked) sizes.set(url, Math.max(bytes, sizes.get(url) ?? 0));
  const known = new Map<string, TraceRequest>();
  for (const [url, bytes] of sizes) {
    if (bytes <= mostBytes) known.set(url, { path: sizedPath(bytes, known.size), bytes, isScan: false });
  }
  return {
    requests: asked.flatMap(({ url }) => known.get(url) ?? []),
    countedFrom: 0,
    bytes: [...known.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
