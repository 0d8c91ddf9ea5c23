import type { WireCase } from "./lane.ts";
import { incomplete, type Observation } from "./observation.ts";

/**
 * Whether two gateways did the same with a case, and neither did what none may do. The same means: equal observations, with
 * exceptions for pipelines, where it is a matter of moments how far each came:
 *
 * - The client closed its half at once: Node's server then gives up what it has not answered yet.
 * - Behind requests that are well came bytes that are none: the full path refuses them as soon as it meets them, even while the requests
 *   wait for their answers, which are then not given. A gateway that answers them first is as good.
 * - An Upgrade behind a request that is still to be answered: the full path ignores it, as it may; when its turn has come, it is passed on.
 * - Node's server cuts a connection with the method PRI, of HTTP/2's preface; whether its refusal has left by then depends on how the bytes came.
 * - A request that is never answered keeps those behind it from being answered, and may keep them from being looked at.
 *
 * @returns what is wrong, for people; `undefined`: nothing
 */
export function findDifference([first, second]: readonly Observation[], wire: WireCase): string | undefined {
  const faults = [first!, second!].flatMap(({ faults }, i) => faults.map((fault) => `gateway ${i + 1}: ${fault}`));
  if (faults.length > 0) return faults.join("\n");
  const isStuck = wire.answers.some(({ at }) => at === "never") && (first!.isPipeline || first!.isBrokenBehind);
  const mayStop = wire.ending === "half-close at once" || first!.isBrokenBehind;
  const haveStopped = first!.isClosed && second!.isClosed;
  const begun = (): string | undefined =>
    areBeginnings(first!, second!) ? undefined : differenceOf("answered", first!.answers, second!.answers);
  if (mayStop && (haveStopped || isStuck)) return begun();
  const forwarded = isStuck
    ? extraIn(forwardedBy(first!), forwardedBy(second!))
    : differenceOf("forwarded", forwardedBy(first!), forwardedBy(second!));
  if (forwarded !== undefined) return forwarded;
  if (haveStopped && /^PRI /m.test(wire.bytes)) return begun();
  const answered = differenceOf("answered", first!.answers, second!.answers);
  if (answered !== undefined || first!.isClosed === second!.isClosed) return answered;
  return `gateway ${first!.isClosed ? 1 : 2} closed the connection, the other did not`;
}

function forwardedBy({ forwarded, isPipeline }: Observation): readonly string[] {
  return isPipeline ? forwarded.map((text) => text.replace(/^upgrade: .*\n/m, "")) : forwarded;
}

/** One may have forwarded fewer requests, but none that the other did not. */
function extraIn(first: readonly string[], second: readonly string[]): string | undefined {
  const [fewer, more] = first.length < second.length ? [first, second] : [second, first];
  const extra = fewer.find((text) => !more.includes(text));
  return extra === undefined ? undefined : `only one forwarded\n${extra}`;
}

/** What both said, but for a refusal at the end, is the beginning of the same. */
function areBeginnings(first: Observation, second: Observation): boolean {
  const [one, other] = [withoutRefusal(first.answers), withoutRefusal(second.answers)];
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  return shorter.every(
    (text, i) => text === longer[i] || isBeginning(text, longer[i]!) || isBeginning(longer[i]!, text),
  );
}

function isBeginning(text: string, of: string): boolean {
  return text.endsWith(incomplete) && of.startsWith(text.slice(0, -incomplete.length));
}

function withoutRefusal(answers: readonly string[]): readonly string[] {
  return answers.at(-1)?.includes('content-type: ["application/problem+json"]') === true
    ? answers.slice(0, -1)
    : answers;
}

function differenceOf(what: string, first: readonly string[], second: readonly string[]): string | undefined {
  const index = first.findIndex((text, i) => text !== second[i]);
  if (index === -1 && first.length === second.length) return undefined;
  const at = index === -1 ? first.length : index;
  const [one, other] = [first[at] ?? "nothing", second[at] ?? "nothing"];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const from = Math.max(0, same - 300);
  const show = (text: string): string => text.slice(from, from + 800);
  return `${what} ${first.length} and ${second.length}; the first that differs is number ${at + 1}:\n— gateway 1 —\n${show(one)}\n— gateway 2 —\n${show(other)}`;
}
