import type { LimitedPlace, LimitedRequest } from "../limited-request.ts";
import { requestCookie } from "./request-cookie.ts";

/** Whoever asks, as limits tell callers apart. */
export interface Caller {
  readonly address: string;
  readonly service: string;
  /** Of its service. */
  readonly route: string;
  /** By its name in lower case. */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** Of a verified token. */
  claim(name: string): unknown;
}

/** What a verified token says. */
export type Claims = Readonly<Record<string, unknown>>;

export const noClaims: Claims = {};

export class RequestCaller implements Caller {
  readonly #request: LimitedRequest;
  readonly #place: LimitedPlace;
  readonly #claims: Claims;

  constructor(request: LimitedRequest, place: LimitedPlace, claims: Claims) {
    this.#request = request;
    this.#place = place;
    this.#claims = claims;
  }

  get address(): string {
    return this.#request.clientAddress;
  }

  get service(): string {
    return this.#place.service;
  }

  get route(): string {
    return this.#place.route;
  }

  header(name: string): string | undefined {
    return this.#request.header(name);
  }

  cookie(name: string): string | undefined {
    return requestCookie(this.#request.header("cookie"), name);
  }

  claim(name: string): unknown {
    return Object.hasOwn(this.#claims, name) ? this.#claims[name] : undefined;
  }
}
