import { z } from "zod";
import { formatDuration, parseBytes, parseDuration, parsePercent } from "../kernel/index.ts";
import { isHost } from "./host-name.ts";

/**
 * The kinds of value a config has. Each says what it expects in its own words: the message of an issue is the "expected" of a problem. What a
 * kind knows beyond that (what exactly was found, how to write it right) travels in the issue's `params`.
 */

/** `setTimeout` holds its wait in 31 bits; longer ones would fire at once. */
const longestTimer = "24d";

export function text(
  expected: string,
  isValid: (value: string) => boolean = (value) => value !== "",
): z.ZodType<string> {
  return z.string({ error: expected }).refine(isValid, { error: expected });
}

export function whole(min: number, max: number): z.ZodType<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .number({ error: expected })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error: expected });
}

export const truth = z.boolean({ error: "true or false" });

export const port = whole(0, 65_535);

/** @param longest what no timer waits for may be longer */
export function duration(leastMs = 1, longest = longestTimer): z.ZodType<string> {
  const from = leastMs > 1 ? ` of at least ${formatDuration(leastMs)}` : "";
  const expected = `a duration${from} such as "250ms", "5s" or "2m", at most "${longest}"`;
  const longestMs = parseDuration(longest)!;
  return explained(z.string({ error: expected }), (value) => {
    const ms = parseDuration(value);
    if (ms !== undefined && ms >= leastMs && ms <= longestMs) return undefined;
    const guess = shortUnit(value);
    return { expected, ...(guess === undefined ? {} : { hint: `did you mean "${guess}"?` }) };
  });
}

/** `"5 seconds"` → `"5s"`. */
function shortUnit(value: string): string | undefined {
  const match = /^([\d.]+) ?(ms|milli|s|m|h|d)[a-z]*$/i.exec(value.trim());
  const guess = match === null ? "" : `${match[1]}${match[2]!.toLowerCase().replace("milli", "ms")}`;
  return guess !== value && parseDuration(guess) !== undefined ? guess : undefined;
}

export function bytes(least: number): z.ZodType<string> {
  const isEnough = (size: number): boolean => size >= least && Number.isSafeInteger(size);
  return size(`a size${least > 1 ? ` of at least ${least} bytes` : ""} such as "16KiB" or "100MB"`, isEnough);
}

export function size(expected: string, isRight: (bytes: number) => boolean): z.ZodType<string> {
  return text(expected, (value) => {
    const bytes = parseBytes(value);
    return bytes !== undefined && isRight(bytes);
  });
}

export const percent = text('a share from "0%" to "100%"', (value) => {
  const share = parsePercent(value);
  return share !== undefined && share <= 1;
});

export function choice<const T extends readonly string[]>(names: T): z.ZodType<T[number]> {
  return z.enum(names, { error: `one of ${names.map((name) => JSON.stringify(name)).join(", ")}` });
}

export const listenHost = text('an address of this machine such as "127.0.0.1" or "0.0.0.0"', isHost);

/** An object with these names and no others. */
export function section<T extends z.ZodRawShape>(shape: T) {
  const names = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? names.join(", ") : `an object with ${names.join(", ")}`),
  });
}

export function either<const T extends readonly z.ZodType[]>(expected: string, options: T) {
  return z.union(options, { error: expected });
}

export function list<T extends z.ZodType>(expected: string, item: T) {
  return z.array(item, { error: expected });
}

export interface Names {
  readonly expected: string;
  readonly isName: (name: string) => boolean;
}

const anyName: Names = { expected: "a name", isName: () => true };

export function record<T extends z.ZodType>(expected: string, value: T, names: Names = anyName) {
  return z.record(z.string().refine(names.isName, { error: names.expected }), value, { error: expected });
}

/** Refuses a value with an explanation of its own; `undefined`: it is fine. */
export function explained<T>(kind: z.ZodType<T>, explain: (value: T) => Fault | undefined): z.ZodType<T> {
  return kind.check((context) => {
    const fault = explain(context.value);
    if (fault === undefined) return;
    const { expected, ...params } = fault;
    context.issues.push({ code: "custom", message: expected, params, input: context.value });
  });
}

export interface Fault {
  readonly expected: string;
  readonly found?: string;
  readonly hint?: string;
}
