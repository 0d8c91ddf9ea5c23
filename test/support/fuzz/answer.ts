import fc from "fast-check";
import type { AnswerPlan } from "../wire/answer-plan.ts";
import { mostly, pick } from "./pick.ts";

const status = mostly(200, 20, 201, 204, 206, 301, 304, 304, 404, 400, 500, 503, 299, 599, 999);
const fields = fc.array(
  fc.constantFrom(
    "X-B: 1",
    "X-B: 2",
    "x-empty:",
    "Set-Cookie: a=1",
    "Set-Cookie: b=2",
    "Content-Type: text/plain",
    'ETag: "x"',
    "Via: 1.0 y",
    "X-Request-Id: theirs",
    "Keep-Alive: timeout=5",
    "Connection: x-b",
    "Connection: keep-alive",
    "Proxy-Authenticate: x",
    "Upgrade: h2c",
    "Trailer: X-T",
    "Date: Thu, 01 Jan 1970 00:00:00 GMT",
    "X_Under: 1",
    "Server: s",
    "TE: x",
  ),
  { maxLength: 3 },
);
const body = pick(
  [60, ""],
  [6, "b".repeat(100)],
  [4, "0\r\n\r\n"],
  [4, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  [4, "\0\xff\r\n"],
  [2, "c".repeat(20_000)],
  [1, "d".repeat(200_000)],
);
const cuts = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 4 }) },
);

/** How origins that are well answer. */
export const answer: fc.Arbitrary<AnswerPlan> = fc.record({
  status,
  reason: mostly("OK", 10, "", "Not Quite", "D\xe9j\xe0"),
  fields,
  framing: pick([10, "length"], [6, "chunked"], [2, "close"]),
  body,
  trailers: mostly([], 8, ["X-T: 1"], ["x-t:1", "X-U: 2", "Set-Cookie: c=3"]),
  before: mostly([], 14, [103], [102, 103], [103, 103, 103]),
  cuts,
  closes: mostly(false, 8, true),
  at: mostly("end", 20, "never"),
});
