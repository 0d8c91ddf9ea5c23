import { formatDuration, nearest, parseDuration } from "../kernel/index.ts";
import type { Fault } from "./fields.ts";
import type { LimitKeySource, Quota } from "./resolved-limits.ts";
import { isToken } from "./token.ts";

/**
 * Limits as people write them:
 *
 *     100/minute                        rate
 *     20/second burst 40                rate, and how many at once
 *     5000/10m burst 100 per header:x-api-key and route
 */
export interface LimitText {
  readonly quota: Quota;
  readonly per: readonly LimitKeySource[];
}

const windows: Readonly<Record<string, number>> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const shortestWindowMs = 100;
const longestWindowMs = 31 * 86_400_000;
const maxCount = 1_000_000_000;

const rateForm = 'a rate such as "100/minute", "5000/10m" or "20/second burst 40"';
const limitForm = 'a limit such as "100/minute per ip" or "20/second burst 40 per header:x-api-key and route"';
const keyForm = '"ip", "service", "route", "header:<name>", "cookie:<name>" or "claim:<name>"';

export function isFault(parsed: object): parsed is Fault {
  return "expected" in parsed;
}

/** `"100/minute"`, `"20/second burst 40"`: with a burst gcra, else a sliding window. */
export function parseRate(text: string): Quota | Fault {
  const words = text.trim().split(/\s+/);
  const [rate = "", burstWord, burstText, ...more] = words;
  const match = /^(\d+)\/([0-9.]*[A-Za-z]+)$/.exec(rate);
  if (match === null || more.length > 0 || (burstWord !== undefined && burstWord !== "burst")) {
    return withGuess({ expected: rateForm }, guessRate(text)?.replace(/ per .*/, ""));
  }
  const windowMs = windows[match[2]!] ?? parseDuration(match[2]!);
  if (windowMs === undefined) {
    return withGuess(
      { expected: 'a window such as "second", "minute", "hour", "day" or "10m"', found: JSON.stringify(match[2]) },
      guessRate(rate),
    );
  }
  if (windowMs < shortestWindowMs || windowMs > longestWindowMs) {
    return {
      expected: `a window from "${formatDuration(shortestWindowMs)}" to "${formatDuration(longestWindowMs)}"`,
      found: JSON.stringify(match[2]),
    };
  }
  const count = Number(match[1]);
  if (!isCount(count)) return { expected: `from 1 to ${maxCount} in a window`, found: match[1]! };
  if (burstWord === undefined) return { algorithm: "sliding-window", count, windowMs, burst: count };
  const burst = /^\d+$/.test(burstText ?? "") ? Number(burstText) : 0;
  if (!isCount(burst)) {
    return { expected: `a burst from 1 to ${maxCount}, as in "burst 40"`, found: burstText ?? "nothing" };
  }
  return { algorithm: "gcra", count, windowMs, burst };
}

/** A rate, and whom it is counted for. */
export function parseLimitText(text: string): LimitText | Fault {
  const at = /\sper\s/.exec(text);
  const quota = parseRate(at === null ? text : text.slice(0, at.index));
  if (isFault(quota)) {
    // Of the whole text: what stands before " per " is half of "100 per minute".
    return withGuess(quota.expected === rateForm ? { expected: limitForm } : quota, guessRate(text));
  }
  if (at === null) return { quota, per: [] };
  const per: LimitKeySource[] = [];
  for (const part of text.slice(at.index + at[0].length).split(/\s+and\s+|\s*,\s*/)) {
    const key = parseLimitKey(part.trim());
    if (isFault(key)) return key;
    per.push(key);
  }
  return { quota, per };
}

/** `"ip"`, `"header:x-api-key"`, `"claim:sub"`. Names of headers come out in lower case. */
export function parseLimitKey(text: string): LimitKeySource | Fault {
  if (text === "ip" || text === "service" || text === "route") return { source: text };
  const colon = text.indexOf(":");
  const [source, name] = colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  const fault = { expected: keyForm, found: JSON.stringify(text) };
  if (source !== "header" && source !== "cookie" && source !== "claim") {
    const near = nearest(source, ["ip", "service", "route", "header", "cookie", "claim"]);
    return withGuess(fault, near && (name === "" ? near : `${near}:${name}`));
  }
  if (name === "") return { ...fault, hint: `name it: "${source}:${exampleNames[source]}"` };
  if (source !== "claim" && !isToken(name)) return { ...fault, hint: `no ${source} can have this name` };
  return { source, name: source === "header" ? name.toLowerCase() : name };
}

const exampleNames = { header: "x-api-key", cookie: "session", claim: "sub" } as const;

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= maxCount;
}

/** `"100 per minute"`, `"100/min"`, `"100 / minute"`, `"100rpm"` → `"100/minute"`; what stands behind it is kept when it makes sense. */
function guessRate(text: string): string | undefined {
  const match = /^(\d+)\s*(?:\/|per|rp(?=[smhd]\b)|an?|every)\s*([a-z]+)(.*)$/i.exec(text.trim());
  if (match === null) return undefined;
  const word = match[2]!.toLowerCase();
  const unit = Object.keys(windows).find((each) => each.startsWith(word) || word.startsWith(each.slice(0, 3)));
  if (unit === undefined) return undefined;
  const rate = `${match[1]}/${unit}`;
  return /^( burst \d+)?( per \S.*)?$/.test(match[3]!) ? rate + match[3]! : rate;
}

function withGuess(fault: Fault, guess: string | undefined): Fault {
  return guess === undefined ? fault : { ...fault, hint: `did you mean "${guess}"?` };
}
