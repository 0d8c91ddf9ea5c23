import { findCookie } from "../../http/index.ts";
import type { Database } from "../database.ts";

/** How a client's session goes on from one request to the next. */
export interface SessionOptions {
  /** Of the cookie that browsers bring back. `false`: none. Default `"tenfold_session"`. */
  readonly cookie?: string | false;
  /** Of the header field by which programs bring it, and are given it. `false`: none. Default `"tenfold-session"`. */
  readonly header?: string | false;
  /** The cookie is sent by TLS alone. Default: in production (`NODE_ENV`). */
  readonly secure?: boolean;
}

type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** What a framework's part has to do: run the request within a session, and say afterwards what the answer must carry. */
export class RequestSessions {
  readonly #db: Database;
  readonly #cookie: string | false;
  readonly #header: string | false;
  readonly #attributes: string;

  constructor(db: Database, { cookie = "tenfold_session", header = "tenfold-session", secure }: SessionOptions = {}) {
    this.#db = db;
    this.#cookie = cookie;
    this.#header = header;
    const isSecure = secure ?? process.env["NODE_ENV"] === "production";
    // No expiry: it ends with the browser's session. A replica may be behind for any time.
    this.#attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  }

  run<T>(headers: Fields, work: () => T): T {
    return this.#db.session(work, this.#tokenOf(headers));
  }

  /** Fields for the answer, if the request has written; within the session. Its answer is for its client alone, so it says so. */
  fields(): Readonly<Record<string, string>> {
    if (!this.#db.hasWritten) return {};
    const token = this.#db.token();
    if (token === undefined) return {};
    return {
      ...(this.#cookie !== false && { "set-cookie": `${this.#cookie}=${token}${this.#attributes}` }),
      ...(this.#header !== false && { [this.#header]: token }),
    };
  }

  #tokenOf(headers: Fields): string | undefined {
    const field = this.#header === false ? undefined : headers[this.#header];
    if (typeof field === "string") return field;
    const cookies = headers["cookie"];
    if (this.#cookie === false || typeof cookies !== "string") return undefined;
    return findCookie(cookies, this.#cookie);
  }
}
