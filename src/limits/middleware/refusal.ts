import type { LimitRuling } from "../limits.ts";

/** The answer to what is refused: problem details (RFC 9457) of the type that the RateLimit fields' draft registers. */
export interface Refusal {
  readonly status: 429 | 503;
  readonly contentType: "application/problem+json";
  readonly body: string;
}

const quotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

export function refusalOf({ isAway, exceeded, retryAfterSeconds }: LimitRuling): Refusal {
  const again = `Try again in ${retryAfterSeconds} ${retryAfterSeconds === 1 ? "second" : "seconds"}.`;
  const problem = isAway
    ? {
        type: "about:blank",
        title: "Service Unavailable",
        status: 503,
        detail: `Requests cannot be counted now. ${again}`,
      }
    : {
        type: quotaExceeded,
        title: "Request cannot be satisfied as assigned quota has been exceeded",
        status: 429,
        detail: again,
        "violated-policies": exceeded,
      };
  return {
    status: isAway ? 503 : 429,
    contentType: "application/problem+json",
    body: `${JSON.stringify(problem)}\n`,
  };
}

/** Another middleware may have said something already: both are lists. */
export function joined(before: unknown, value: string): string {
  return typeof before === "string" && before !== "" ? `${before}, ${value}` : value;
}
