import { nearest } from "../../kernel/index.ts";
import { foundText } from "../found.ts";
import { isFault } from "../limit-text.ts";
import { parseInstant } from "../instant.ts";
import { pathText } from "../problem.ts";
import { heaviestOf, quotaInstead } from "../quota.ts";
import type { ResolvedLimit } from "../resolved-limits.ts";
import { findTarget } from "../resolve-limits.ts";
import type { Check, Conflict, Subject } from "./check.ts";
import { checkQuotaInstead, withoutVerifier } from "./limits.ts";

/** Who has other rates, and when. */
export const checkLimitCallers: Check = (subject) => [...checkTiers(subject), ...checkEvents(subject)];

function checkTiers({ filled, written }: Subject): Conflict[] {
  return Object.entries(filled.gateway.tiers).flatMap(([name, tier]): Conflict[] => {
    const path = `gateway.tiers.${name}`;
    const conditions = [tier.ip, ...Object.values(tier.header ?? {}), ...Object.values(tier.claim ?? {})];
    if (conditions.every((each) => each === undefined)) {
      return [{ path, found: "nothing: everybody would be of this tier", expected: "one of ip, header, claim" }];
    }
    const [claim] = Object.keys(tier.claim ?? {});
    return claim === undefined || written.gateway?.jwt !== undefined ? [] : [withoutVerifier(`${path}.claim`, claim)];
  });
}

function checkEvents(subject: Subject): Conflict[] {
  const { filled, config } = subject;
  return Object.entries(filled.gateway.events).flatMap(([name, event]): Conflict[] => {
    const path = `gateway.events.${name}`;
    const rates = Object.entries(event.limits).flatMap(([target, rate]): Conflict[] => {
      const at = pathText(["gateway", "events", name, "limits", target]);
      const found = findTarget(target, config.limits.limits);
      if (found === undefined) return [unknownTarget(at, target, subject)];
      return [...checkQuotaInstead(at, rate, found.limit.quota), ...checkWeight(at, rate, found.limit)];
    });
    if (parseInstant(event.from)! < parseInstant(event.until)!) return rates;
    const expected = `later than from, which is "${event.from}"`;
    return [{ path: `${path}.until`, found: foundText(event.until), expected }, ...rates];
  });
}

function checkWeight(path: string, rate: string, limit: ResolvedLimit): Conflict[] {
  const quota = quotaInstead(rate, limit.quota);
  const heaviest = heaviestOf(limit);
  if (quota === "unlimited" || isFault(quota) || quota.burst >= heaviest) return [];
  const found = `${foundText(rate)}, while requests of ${limit.name} may count for ${heaviest}`;
  return [{ path, found, expected: `a rate of which ${heaviest} can be had at once` }];
}

function unknownTarget(path: string, target: string, { config, serviceNames }: Subject): Conflict {
  const { limits } = config.limits;
  const known = limits.flatMap(({ name, tiers }) => [name, ...Object.keys(tiers).map((tier) => `${name}/${tier}`)]);
  const near = nearest(target, known) ?? known.find((each) => each.endsWith(`/${target}`));
  return {
    path,
    found: `no limit "${target}"`,
    expected: known.length === 0 ? "a limit, and there is none" : `one of ${known.join(", ")}`,
    ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    concerns: ["gateway.limits", ...serviceNames.map((name) => `services.${name}.limits`)],
  };
}
