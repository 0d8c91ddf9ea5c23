import { messageOf, TenfoldError } from "../../kernel/index.ts";

/** What failed in a gateway process, as it tells the platform. */
export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

export function toReport(error: unknown): FailureReport {
  return error instanceof TenfoldError ? error.toJSON() : { code: "GATEWAY_FAILED", message: messageOf(error) };
}

export function fromReport({ code, message, ...details }: FailureReport): TenfoldError {
  return new TenfoldError(code, message, details);
}
