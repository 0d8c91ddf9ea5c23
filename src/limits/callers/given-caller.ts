import type { Caller, Claims } from "./caller.ts";
import { callerIncomplete } from "../errors.ts";
import { requestCookie } from "./request-cookie.ts";

/** Whoever asks: as much of him as the limits in question are counted by. */
export interface LimitCaller {
  readonly ip?: string | undefined;
  /** By their names in lower case. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** Default: those of the `cookie` header. */
  readonly cookies?: Readonly<Record<string, string | undefined>> | undefined;
  /** Of a token that was verified. */
  readonly claims?: Claims | undefined;
  readonly service?: string | undefined;
  readonly route?: string | undefined;
}

/**
 * Who has no such header, cookie or claim is not counted by it, as in the gateway. That he has no address can only be a mistake, and must not open
 * a limit.
 */
export class GivenCaller implements Caller {
  readonly #given: LimitCaller;

  constructor(given: LimitCaller) {
    this.#given = given;
  }

  get address(): string {
    return present(this.#given.ip, "ip");
  }

  get service(): string {
    return this.#given.service ?? "";
  }

  get route(): string {
    return present(this.#given.route, "route");
  }

  header(name: string): string | undefined {
    const value = own(this.#given.headers, name);
    return typeof value === "object" ? value.join(", ") : value;
  }

  cookie(name: string): string | undefined {
    if (this.#given.cookies !== undefined) return own(this.#given.cookies, name);
    return requestCookie(this.header("cookie"), name);
  }

  claim(name: string): unknown {
    return own(this.#given.claims, name);
  }
}

function present(value: string | undefined, name: string): string {
  if (value === undefined || value === "") throw callerIncomplete(name);
  return value;
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
