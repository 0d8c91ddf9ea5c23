import type { CacheReport, WorthCachingNext } from "../../platform/index.ts";
import { heldText, number, percent } from "../cache-text.ts";
import { type Finding, ok, warning } from "./finding.ts";

/**
 * How much of what was asked the cache has answered, and what is most worth caching next. What an answer forbids itself is no fault, so that what could be
 * done about it is said, and no more.
 *
 * @param report `null`: nothing is cached
 */
export function cacheFindings(report: CacheReport | null): Finding[] {
  if (report === null) return [ok("cache", "none, or no gateway answers")];
  const services = Object.entries(report.services);
  const ratios = services.map(([name, { hitRatio }]) => `${name} ${percent(hitRatio)}`).join(", ");
  const { answers, bytes, evicted } = report;
  const found =
    services.length === 0 ? "no request yet" : `answered without asking a service: ${ratios}; ${heldText(report)}`;
  return [{ ...ok("cache", found), facts: { answers, bytes, evicted } }, ...report.worthCaching.map(candidateFinding)];
}

function candidateFinding(candidate: WorthCachingNext): Finding {
  const { service, path, requests, urls, upstreamMs, what, fix, isDeliberate } = candidate;
  const check = `worth caching, GET ${path}`;
  const of = urls === 1 ? "one URL" : `about ${number(urls)} URLs`;
  const each = upstreamMs === undefined ? "" : `, ${upstreamMs < 1 ? "< 1" : number(Math.round(upstreamMs))} ms each`;
  const found = `${number(requests)} requests to ${service} for ${of}${each}: ${what}`;
  const finding = isDeliberate ? { ...ok(check, found), fix } : warning(check, found, fix);
  return { ...finding, facts: { requests, urls, ...(upstreamMs === undefined ? {} : { upstreamMs }) } };
}
