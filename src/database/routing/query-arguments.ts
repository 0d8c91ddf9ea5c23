/** What pg's `query` is called with, in all the ways that it may be. */
import type { QueryResult } from "pg";
import type { StatementConfig } from "./sent-statement.ts";

export type QueryCallback = (error: Error | null, result: QueryResult | readonly QueryResult[]) => void;

/** What pg calls with a connection, and which does the rest itself: cursors, streams of rows, COPY. */
export interface Submittable {
  submit(connection: unknown): unknown;
  readonly text?: unknown;
}

export interface QueryArguments {
  readonly config: StatementConfig;
  readonly callback: QueryCallback | undefined;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export function isSubmittable(query: unknown): query is Submittable {
  return typeof query === "object" && query !== null && typeof (query as Partial<Submittable>).submit === "function";
}

/** @param query a text, or `{ text, values, name, rowMode, types, timeoutMs, signal }`. @throws TypeError */
export function readArguments(query: unknown, values: unknown, callback: unknown): QueryArguments {
  const [given, done] = typeof values === "function" ? [undefined, values] : [values, callback];
  if (done !== undefined && typeof done !== "function") throw new TypeError("callback is not a function");
  const isText = typeof query === "string";
  if (!isText && (typeof query !== "object" || query === null)) {
    throw new TypeError("a query is a text, or an object with a text");
  }
  const { timeoutMs, signal, query_timeout, ...rest } = (isText ? { text: query } : query) as Record<string, unknown>;
  const own = rest["callback"];
  delete rest["callback"];
  if (typeof rest["text"] !== "string" && typeof rest["name"] !== "string") {
    throw new TypeError("a query has a text, or the name of a statement that was prepared");
  }
  const text = typeof rest["text"] === "string" ? rest["text"] : "";
  return {
    config: { ...rest, text, ...(given === undefined || given === null ? {} : { values: given }) },
    callback: (done ?? own) as QueryCallback | undefined,
    timeoutMs: (timeoutMs ?? query_timeout) as number | undefined,
    signal: signal as AbortSignal | undefined,
  };
}
