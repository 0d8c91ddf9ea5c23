import type { QueryResult, QueryResultRow } from "pg";
import { bounded, type Consistency } from "./consistency.ts";
import type { Query, Queryable } from "./query.ts";

type Ask = (consistency: Consistency | undefined, query: unknown, values: unknown) => Promise<QueryResult>;

/**
 * What only reads. How new it must be is the database's `read`, or is said: `db.read.any.query(…)`, `db.read.bounded("500ms").query(…)`.
 */
export class Reader implements Queryable {
  readonly #ask: Ask;
  readonly #consistency: Consistency | undefined;

  constructor(ask: Ask, consistency?: Consistency) {
    this.#ask = ask;
    this.#consistency = consistency;
  }

  /** @throws DATABASE_READ_WRITES, and as `db.query` does */
  query<Row extends QueryResultRow = QueryResultRow>(
    query: string | Query,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    return this.#ask(this.#consistency, query, values) as Promise<QueryResult<Row>>;
  }

  get strong(): Reader {
    return new Reader(this.#ask, "strong");
  }

  get session(): Reader {
    return new Reader(this.#ask, "session");
  }

  get monotonic(): Reader {
    return new Reader(this.#ask, "monotonic");
  }

  get any(): Reader {
    return new Reader(this.#ask, "any");
  }

  /** No older than `"500ms"`. */
  bounded(staleness: string): Reader {
    return new Reader(this.#ask, bounded(staleness));
  }
}
