import type { AnswerHead } from "./answer-head.ts";

/**
 * Rewrites an answer's head where it lies: the lines that end at this hop are closed up, and what this hop adds is put between the
 * fields and the body, so that head and body leave in one piece, without having been copied. The head grows towards the
 * front: there must be room before it.
 *
 * @param added field lines with their CRLF, and the empty line
 * @returns where the answer now begins; -1: there is no room, and nothing was changed
 */
export function rewriteAnswer(bytes: Buffer, head: AnswerHead, added: string): number {
  const { start, end, cuts } = head;
  let cut = 2; // The empty line.
  for (let i = 0; i < cuts.length; i += 2) cut += cuts[i + 1]! - cuts[i]!;
  const newStart = start - added.length + cut;
  // Moving forward would run over what is still to be moved.
  if (newStart < 0 || (newStart > start && cuts.length > 0)) return -1;
  let at = newStart;
  let from = start;
  for (let i = 0; i < cuts.length; i += 2) {
    at = move(bytes, at, from, cuts[i]!);
    from = cuts[i + 1]!;
  }
  at = move(bytes, at, from, end - 2);
  bytes.write(added, at, "latin1");
  return newStart;
}

/** The same as text, for a head that cannot be rewritten in place. */
export function rewrittenHead(bytes: Buffer, { start, end, cuts }: AnswerHead, added: string): string {
  let text = "";
  let from = start;
  for (let i = 0; i < cuts.length; i += 2) {
    text += bytes.toString("latin1", from, cuts[i]!);
    from = cuts[i + 1]!;
  }
  return text + bytes.toString("latin1", from, end - 2) + added;
}

function move(bytes: Buffer, to: number, from: number, until: number): number {
  if (to !== from) bytes.copyWithin(to, from, until);
  return to + until - from;
}
