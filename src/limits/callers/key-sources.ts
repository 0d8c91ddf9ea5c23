import type { LimitKeySource } from "../../config/index.ts";
import { addressKey } from "./address-key.ts";
import type { Caller } from "./caller.ts";
import { keyPart } from "../counting/limit-key.ts";

/** The part of a key that tells callers apart; `undefined`: the caller does not have all that the limit is counted by. */
export type CallerKey = (caller: Caller) => string | undefined;

export function compileCallerKey(per: readonly LimitKeySource[]): CallerKey {
  const sources = per.map(compileSource);
  if (sources.length === 0) return () => "";
  if (sources.length === 1) return sources[0]!;
  return (caller) => {
    let key = "";
    for (let i = 0; i < sources.length; i++) {
      const part = sources[i]!(caller);
      if (part === undefined) return undefined;
      key += i === 0 ? part : `|${part}`;
    }
    return key;
  };
}

function compileSource(key: LimitKeySource): CallerKey {
  switch (key.source) {
    case "ip":
      return ({ address }) => keyPart(addressKey(address));
    case "service":
      return ({ service }) => keyPart(service);
    case "route":
      return ({ service, route }) => `${keyPart(service)}|${keyPart(route)}`;
    case "header":
      return (caller) => partOf(caller.header(key.name));
    case "cookie":
      return (caller) => partOf(caller.cookie(key.name));
    case "claim":
      return (caller) => partOf(caller.claim(key.name));
  }
}

/** What is not text is marked as such, so that the number 5 is not the text "5". */
function partOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? keyPart(value) : `%=${keyPart(JSON.stringify(value))}`;
}
