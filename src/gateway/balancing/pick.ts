import type { Candidate, Selector } from "./candidate.ts";
import { mix32 } from "./hash.ts";

/** A selector whose first choices were all tried before is not asked further. */
const maxAsks = 3;

/**
 * What the selector chooses, and never, while there is another, a candidate that this request was already sent to. The list
 * is not filtered, as that would make selectors compile it anew for one retry: the selector is asked again, with another
 * key, and if it insists, the least loaded of the untried is taken. When all were tried, any may be tried again.
 *
 * @param tried empty for the first try
 */
export function pick(
  selector: Selector,
  candidates: readonly Candidate[],
  tried: readonly Candidate[],
  key: number,
  now: number,
): Candidate | undefined {
  const choice = selector(candidates, key, now);
  if (tried.length === 0 || choice === undefined || !tried.includes(choice)) return choice;
  let otherKey = key;
  for (let ask = 1; ask < maxAsks; ask++) {
    otherKey = mix32(otherKey + ask);
    const other = selector(candidates, otherKey, now)!;
    if (!tried.includes(other)) return other;
  }
  return leastLoaded(candidates, tried) ?? choice;
}

function leastLoaded(candidates: readonly Candidate[], except: readonly Candidate[]): Candidate | undefined {
  let least: Candidate | undefined;
  for (const candidate of candidates) {
    if (except.includes(candidate)) continue;
    if (least === undefined || candidate.inFlight / candidate.weight < least.inFlight / least.weight) least = candidate;
  }
  return least;
}
