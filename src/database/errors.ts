import { codeOf, messageOf, TenfoldError } from "../kernel/index.ts";

// --- Waiting for a connection ------------------------------------------------------------------------------------

export const poolFull = (waiting: number, connections: number): TenfoldError =>
  new TenfoldError("DATABASE_POOL_FULL", `${waiting} statements wait for ${connections} connections already`, {
    fix: "try again later; find out what takes so long (`tenfold status`), or give createDatabase({ connections })",
    facts: { waiting, connections },
  });

export const poolLate = (waitedMs: number, connections: number): TenfoldError =>
  new TenfoldError(
    "DATABASE_POOL_TIMEOUT",
    `none of ${connections} connections became free within ${Math.round(waitedMs)} ms; the statement was not sent`,
    {
      fix: "try again later; find out what takes so long (`tenfold status`), or give createDatabase({ connections })",
      facts: { waitedMs: Math.round(waitedMs), connections },
    },
  );

export const poolStopped = (): TenfoldError =>
  new TenfoldError("DATABASE_STOPPED", "the database was ended; the statement was not sent", {
    fix: "use it before `db.end()`",
  });

// --- The servers -------------------------------------------------------------------------------------------------

export const serverSilent = (node: string, ms: number): TenfoldError =>
  new TenfoldError("DATABASE_SERVER_SILENT", `${node} did not answer within ${ms} ms`, {
    fix: "see whether the server hangs, or something between drops what is sent",
    facts: { node, ms },
  });

export const noPrimary = (waitedMs: number, nodes: readonly string[], cause?: unknown): TenfoldError =>
  new TenfoldError(
    "DATABASE_NO_PRIMARY",
    `no server of ${nodes.join(", ")} takes writes now; waited ${Math.round(waitedMs)} ms${cause === undefined ? "" : `: ${messageOf(cause)}`}`,
    {
      fix: "see `tenfold status`: a primary must run, or a replica be promoted; nothing was written",
      facts: { waitedMs: Math.round(waitedMs), nodes },
      cause,
    },
  );

// --- Statements --------------------------------------------------------------------------------------------------

export const outcomeUnknown = (what: string, cause: unknown): TenfoldError =>
  new TenfoldError(
    "DATABASE_OUTCOME_UNKNOWN",
    `the connection broke after ${what} was sent and before it was answered: it may or may not have been done (${messageOf(cause)})`,
    {
      fix: "look whether it was done before it is done again; or make it safe to repeat (a unique key, `on conflict do nothing`)",
      facts: { what },
      cause,
    },
  );

export const statementTimedOut = (ms: number, cause?: unknown): TenfoldError =>
  new TenfoldError("DATABASE_STATEMENT_TIMEOUT", `the statement was not done within ${ms} ms, and was cancelled`, {
    fix: "see its plan (`tenfold status`), or allow it more time: { timeoutMs }",
    facts: { ms },
    cause,
  });

export const readWrites = (text: string): TenfoldError =>
  new TenfoldError("DATABASE_READ_WRITES", `what is asked by db.read writes: ${text.slice(0, 200)}`, {
    fix: "use db.query or db.transaction",
  });

export const connectionLost = (): TenfoldError =>
  new TenfoldError(
    "DATABASE_CONNECTION_LOST",
    "the connection of this client broke before; the statement was not sent",
    {
      fix: "release the client, and begin again with a new one: what was not committed is undone",
    },
  );

export const transactionOver = (): TenfoldError =>
  new TenfoldError("DATABASE_TRANSACTION_OVER", "this transaction has ended; the statement was not sent", {
    fix: "await every statement within the function that is given to db.transaction",
  });

export const clientReleased = (): TenfoldError =>
  new TenfoldError("DATABASE_CLIENT_RELEASED", "this client was given back; the statement was not sent", {
    fix: "await every statement before client.release()",
  });

// --- Options -----------------------------------------------------------------------------------------------------

export const stalenessInvalid = (found: string): TenfoldError =>
  new TenfoldError("DATABASE_STALENESS_INVALID", `bounded(${JSON.stringify(found)}): that is no duration`, {
    fix: 'write it as "500ms" or "2s"',
    facts: { found },
  });

export const secretMissing = (): TenfoldError =>
  new TenfoldError("DATABASE_SECRET_MISSING", "there is nothing to seal session tokens with, that all processes have", {
    fix: "set TENFOLD_SECRET to the same long random text in all of them, or give createDatabase({ secret })",
  });

export const urlMissing = (): TenfoldError =>
  new TenfoldError("DATABASE_URL_MISSING", "nothing says where the database is: DATABASE_URL is not set", {
    fix: "start the app with `tenfold up`, set DATABASE_URL, or give createDatabase({ url })",
  });

/** Of an error of pg's or the system's: whether the connection is the trouble, and not what was asked. SQLSTATEs are those of the manual's appendix A. */
export function isConnectionTrouble(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  if (/^(08|57P0[1-5]|53300)/.test(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)) return false;
  return (
    /^E[A-Z_]+$/.test(code) ||
    code === "DATABASE_SERVER_SILENT" ||
    /terminated|connection error|not queryable|timeout expired/i.test(messageOf(error))
  );
}
