import { createHash } from "node:crypto";
import { findCookie } from "../../http/index.ts";

/**
 * Keeps a client on one upstream by a cookie. Its value is a token made of the upstream's id, so that every gateway, also
 * after a restart, understands the cookies of the others with nothing shared. It tells a client no name, address or number
 * of upstreams, and is only ever compared with the tokens of the service's own: a forged one finds nothing, and a stolen one
 * chooses an upstream that anyone may be given.
 *
 * The client's wish comes after the upstream's state: who calls `find` checks that the upstream still takes requests, chooses
 * another if not, and sets the cookie anew.
 */
export class StickyCookie<Upstream extends { readonly id: string }> {
  readonly #name: string;
  readonly #byToken: ReadonlyMap<string, Upstream>;

  /** Made once per snapshot, of all upstreams of one service. */
  constructor(name: string, upstreams: readonly Upstream[]) {
    this.#name = name;
    this.#byToken = new Map(upstreams.map((upstream) => [this.#tokenOf(upstream), upstream]));
  }

  /** The upstream that the request's Cookie header asks for, if there still is one. */
  find(cookieHeader: string | undefined): Upstream | undefined {
    if (cookieHeader === undefined) return undefined;
    const token = findCookie(cookieHeader, this.#name);
    return token === undefined ? undefined : this.#byToken.get(token);
  }

  /**
   * The value of the Set-Cookie header that keeps the client on this upstream, until its browser is closed. Needed once per
   * client, not per request.
   *
   * @param isSecure the client's request came by https, also when a trusted proxy says so
   */
  setCookie(upstream: Upstream, isSecure: boolean): string {
    const value = `${this.#name}=${this.#tokenOf(upstream)}; Path=/; HttpOnly; SameSite=Lax`;
    return isSecure ? `${value}; Secure` : value;
  }

  /** 96 bits: no two upstreams share one. Characters that need no quotes (RFC 6265, section 4.1.1). */
  #tokenOf(upstream: Upstream): string {
    return createHash("sha256").update(`${this.#name}\0${upstream.id}`).digest("base64url").slice(0, 16);
  }
}
