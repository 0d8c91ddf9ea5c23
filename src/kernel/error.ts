/**
 * The one error class of Tenfold. A component makes its errors with named functions in its `errors.ts`,
 * so that every failure has a stable code, the facts, and the fix.
 */
export interface ErrorDetails {
  /** What the reader can do about it, as an imperative sentence. */
  readonly fix?: string;
  /** Facts for machines: shown by `--json`, never parsed out of the message. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class TenfoldError extends Error {
  override readonly name = "TenfoldError";
  readonly code: string;
  readonly fix: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.fix = details.fix;
    this.facts = details.facts ?? {};
  }

  toJSON(): { code: string; message: string; fix?: string; facts?: Readonly<Record<string, unknown>> } {
    return {
      code: this.code,
      message: this.message,
      ...(this.fix === undefined ? {} : { fix: this.fix }),
      ...(Object.keys(this.facts).length === 0 ? {} : { facts: this.facts }),
    };
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "" && thrown.errors.length > 0) {
    return messageOf(thrown.errors[0]);
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` of a system or library error, such as `ECONNREFUSED`. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
