import { TenfoldError } from "../kernel/index.ts";

export const limitInvalid = (name: string, found: string, expected: string, hint?: string): TenfoldError =>
  new TenfoldError("LIMITS_INVALID", `the limit ${name} is ${found}; expected ${expected}`, {
    fix: hint ?? 'write it as "100/minute per ip"',
    facts: { name },
  });

export const limitUnknown = (name: string, known: readonly string[]): TenfoldError =>
  new TenfoldError("LIMITS_UNKNOWN", `there is no limit ${name}`, {
    fix: `name one that was given to createLimits: ${known.join(", ")}`,
    facts: { name, known },
  });

export const callerIncomplete = (missing: string): TenfoldError =>
  new TenfoldError("LIMITS_CALLER_INCOMPLETE", `a limit is counted per ${missing}, and the caller has none`, {
    fix: `give it: decide(name, { ${missing}: … })`,
    facts: { missing },
  });

export const weightInvalid = (weight: unknown): TenfoldError =>
  new TenfoldError("LIMITS_WEIGHT", `a decision cannot have the weight ${String(weight)}`, {
    fix: "give a whole number of at least 1",
  });
