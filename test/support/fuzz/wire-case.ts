import fc from "fast-check";
import type { WireCase } from "../wire/lane.ts";
import { answer } from "./answer.ts";
import { mutations } from "./mutation.ts";
import { mostly, pick } from "./pick.ts";
import { request } from "./request.ts";

const count = pick([12, 1], [4, 2], [2, 3], [1, 4]);
const behind = mostly(
  "",
  20,
  "\r\n",
  "GARBAGE",
  "GET /tr",
  "\0",
  "\n",
  "X: y\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01",
);

interface Sent {
  readonly bytes: string;
  /** Where one request ends and the next begins, unless bytes were changed. */
  readonly borders: readonly number[];
}

const sent: fc.Arbitrary<Sent> = fc
  .tuple(
    count.chain((n) => fc.tuple(...Array.from({ length: n }, () => request))),
    behind,
    mutations,
  )
  .map(([renders, behind, mutations]) => {
    const requests = renders.map((render, i) => render(i));
    let length = 0;
    const borders = requests.map((request) => (length += request.length));
    const bytes = mutations.reduce((bytes, mutate) => mutate(bytes), requests.join("") + behind);
    return { bytes, borders };
  });

/** Shares of the length, so that they mean something whatever the bytes. */
const share = fc.noBias(fc.nat(9_999)).map((share) => share / 10_000);
const cutShares = fc.oneof(
  { weight: 6, arbitrary: fc.array(share, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(share, { minLength: 2, maxLength: 6 }) },
);

type Cutting = Pick<WireCase, "cuts" | "pause">;

export interface FuzzInput {
  readonly wire: Omit<WireCase, "cuts" | "pause">;
  /** The ways in which it is cut, beside not at all. */
  readonly cuttings: readonly Cutting[];
}

/** Longer ones are cut at every offset, or into bytes, too rarely to be worth it. */
const shortBytes = 300;

export const fuzzInput: fc.Arbitrary<FuzzInput> = fc
  .record({
    sent,
    shares: cutShares,
    thoroughness: mostly("some cuts", 150, "bytes", "bytes", "every offset"),
    pause: mostly("short", 4, "long"),
    answers: fc.array(answer, { minLength: 1, maxLength: 3 }),
    ending: pick([16, "wait"], [2, "half-close"], [1, "half-close at once"]),
  })
  .map(({ sent: { bytes, borders }, shares, thoroughness, pause, answers, ending }) => {
    const isShort = bytes.length <= shortBytes;
    const offsets =
      isShort && thoroughness !== "some cuts" ? Array.from({ length: bytes.length }, (_, i) => i + 1) : [];
    let cuttings: readonly Cutting[] = [{ cuts: shares.map((share) => Math.floor(share * bytes.length)), pause }];
    if (borders.length > 1 && pause === "long") cuttings = [{ cuts: borders, pause }];
    if (isShort && thoroughness === "every offset")
      cuttings = offsets.map((offset) => ({ cuts: [offset], pause: "short" }));
    if (isShort && thoroughness === "bytes") cuttings = [{ cuts: offsets, pause: "short" }];
    // Behind other answers, the full path has early hints in the wrong place (test/conformance/counterexamples.ts).
    const plans = borders.length === 1 ? answers : answers.map((plan) => ({ ...plan, before: [] }));
    return { wire: { bytes, answers: plans, ending }, cuttings };
  });
