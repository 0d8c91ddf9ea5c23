import type { Row } from "../row.ts";
import { idleConnections } from "./idle-connections.ts";
import { mixedHandlers } from "./mixed-handlers.ts";
import { steady } from "./steady.ts";
import {
  accessLog,
  largerAnswers,
  newConnections,
  post,
  processes,
  requestHeaders,
  smallJson,
  unixSockets,
} from "./throughput-rows.ts";

/** The table of targets, in its order. */
export const rows: readonly Row[] = [
  smallJson,
  unixSockets,
  mixedHandlers,
  ...largerAnswers,
  post,
  ...requestHeaders,
  newConnections,
  accessLog,
  processes,
  idleConnections,
  steady,
];
