import { plainAnswer } from "../support/wire/answer-plan.ts";
import type { WireCase } from "../support/wire/lane.ts";

/**
 * Where the two paths differed, or did together what none may do, found by the search (`npm run fuzz:http` prints them as they go in here).
 * They must agree, whatever they say.
 */
export interface Counterexample extends Partial<WireCase> {
  readonly bytes: string;
  /** Known not to be so yet, and why. */
  readonly todo?: string;
}

const first = "GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n";
const second = "GET /2 HTTP/1.1\r\nHost: a.test\r\nX-N: 1\r\n\r\n";
/** Its end comes long after its beginning. */
const slow = [10, 20, 30, 40, 50];

export const counterexamples: Readonly<Record<string, Counterexample>> = {
  "a refusal, and bytes behind it that are no request": {
    bytes: "GET /\nTransfer-Encoding:chunked\r\n\r\n2\r\n\r\r\n",
  },
  "a body that ends before its length": {
    bytes: "GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n",
    ending: "half-close",
  },
  "a client that leaves while something waits behind its request": {
    bytes: `${first}GET `,
    answers: [{ ...plainAnswer, at: "never" }],
    cuts: [first.length],
  },
  "CONNECT behind a request that is refused": {
    bytes:
      "POST /a HTTP/1.1\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\nCONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n",
  },
  "CONNECT behind an answer that is on its way": {
    bytes: "GET / HTTP/1.1\r\nHost: a.test\r\n\r\nCONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n",
    answers: [{ ...plainAnswer, body: "c".repeat(20_000), cuts: [100, 200, 300, 400] }],
    cuts: ["GET / HTTP/1.1\r\nHost: a.test\r\n\r\n".length],
  },
  "CONNECT behind a large answer, which is still to be read": {
    bytes: "GET / HTTP/1.1\r\nX:\r\nHost:t\r\n\r\nGET / HTTP/1.1\r\nE:\r\n\r\nCONNECT \r\n\r\n",
    answers: [{ ...plainAnswer, body: "d".repeat(200_000) }, plainAnswer],
  },
  "an early hint on its way behind another answer": {
    bytes: first + second,
    answers: [
      { ...plainAnswer, cuts: slow },
      { ...plainAnswer, before: [103], body: "b".repeat(9_000) },
    ],
  },
  "an answer that breaks off behind another": {
    bytes: first + second,
    answers: [
      { ...plainAnswer, cuts: slow },
      { ...plainAnswer, raw: "HTTP/1.1 200 OK\r\nX-Origin: 1\r\nContent-Length: 9\r\n\r\nabc", closes: true },
    ],
  },
  "a client that leaves while bytes that are no request wait behind a large body": {
    bytes: `GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 99803\r\n\r\n${"z".repeat(99_803)}.test\r\n`,
    answers: [{ ...plainAnswer, at: "never" }],
  },
  "the method of HTTP/2's preface, without a version": { bytes: "PRI /\nContent-Length:7\r\n\r\nG" },
  "a value beyond ASCII in a head that leaves before its body": {
    bytes: first,
    answers: [
      {
        ...plainAnswer,
        fields: ["X-A: caf\xe9"],
        cuts: ["HTTP/1.1 200 OK\r\nX-Origin: 0\r\nX-A: caf\xe9\r\nContent-Length: 9\r\n\r\n".length],
      },
    ],
  },
  "a length among the trailers of an answer": {
    bytes: first,
    answers: [{ ...plainAnswer, framing: "chunked", trailers: ["Content-Length: 3"] }],
    todo: "undici takes it for the body's, and breaks the answer off",
  },
};
