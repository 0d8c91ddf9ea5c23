import type { QueryConfig, QueryResult, QueryResultRow } from "pg";

/** A query as pg takes it, and what is asked of it beyond that. */
export interface Query extends Omit<QueryConfig, "values"> {
  readonly values?: readonly unknown[];
  readonly rowMode?: "array";
  /** Longer than this it may not take; 0: any time. Default: the database's. */
  readonly timeoutMs?: number;
  /** It is cancelled on the server, if it has got there. */
  readonly signal?: AbortSignal;
}

/** Whatever answers queries: the database, a reader, a transaction. */
export interface Queryable {
  query<Row extends QueryResultRow = QueryResultRow>(
    query: string | Query,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}
