import { type AnswerPlan, plainAnswer } from "../wire/answer-plan.ts";
import type { WireCase } from "../wire/lane.ts";

/** A case as one writes it in a table of cases: what is plain is left out, long runs are short. */
export function toLiteral({ bytes, cuts, pause, answers, ending }: WireCase): string {
  const parts = [`bytes: ${stringLiteral(bytes)}`];
  if (cuts.length > 0) parts.push(`cuts: [${cuts.join(", ")}]`);
  if (pause !== "short") parts.push(`pause: "${pause}"`);
  if (ending !== "wait") parts.push(`ending: "${ending}"`);
  const plans = answers.map(planLiteral);
  if (plans.some((plan) => plan !== "plainAnswer")) parts.push(`answers: [${plans.join(", ")}]`);
  return `{ ${parts.join(", ")} }`;
}

function planLiteral(plan: AnswerPlan): string {
  const differing = Object.entries(plan).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(plainAnswer[name as keyof AnswerPlan]),
  );
  if (differing.length === 0) return "plainAnswer";
  const parts = differing.map(
    ([name, value]) => `${name}: ${typeof value === "string" ? stringLiteral(value) : escaped(JSON.stringify(value))}`,
  );
  return `{ ...plainAnswer, ${parts.join(", ")} }`;
}

/** `"aaa…"` of more than 40 becomes `"a".repeat(41)`. */
function stringLiteral(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const run of text.matchAll(/([^])\1{40,}/g)) {
    if (run.index > from) parts.push(escaped(JSON.stringify(text.slice(from, run.index))));
    parts.push(`${escaped(JSON.stringify(run[1]))}.repeat(${run[0].length})`);
    from = run.index + run[0].length;
  }
  if (from < text.length || parts.length === 0) parts.push(escaped(JSON.stringify(text.slice(from))));
  return parts.join(" + ");
}

/** Bytes that are no visible ASCII as `\x..`. */
function escaped(json: string): string {
  return json
    .replaceAll(/\\u00([0-9a-f]{2})/g, "\\x$1")
    .replaceAll(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
