import { DatabaseError } from "pg";

/** What Postgres refused, told apart by its SQLSTATE (appendix A of its manual) and the constraint's name. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return error instanceof DatabaseError && error.code === "23505" && error.constraint === constraint;
}

/** Somebody holds a good token for a user who is gone. */
export function isMissingUser(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === "23503" &&
    /_(author|user|follower)_id_fkey$/.test(error.constraint ?? "")
  );
}

/** Text that JSON can carry and Postgres cannot: it holds U+0000. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "22021";
}

/** The database is away, starting, stopping or out of connections: the same request may work later. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|57P0|53300|57014|25006)/.test(error.code ?? "");
  if (!(error instanceof Error)) return false;
  return (
    /^(ECONN|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/.test(
      (error as NodeJS.ErrnoException).code ?? "",
    ) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}
