/** What was wrong, by field or by thing: `{ email: ["has already been taken"] }`. */
export type Problems = Record<string, string[]>;

/** The body of every answer from 400 up. */
export interface ErrorBody {
  readonly errors: Problems & { body: string[] };
}

/** Thrown anywhere below a route; becomes the answer. Made by the functions below. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problems: Problems;

  constructor(status: number, problems: Problems) {
    super(toSentences(problems).join("; "));
    this.status = status;
    this.problems = problems;
  }
}

export const tokenMissing = (): ApiError => new ApiError(401, { token: ["is missing"] });
export const tokenInvalid = (): ApiError => new ApiError(401, { token: ["is invalid"] });
export const credentialsInvalid = (): ApiError => new ApiError(401, { credentials: ["invalid"] });
export const forbidden = (thing: "article" | "comment"): ApiError => new ApiError(403, { [thing]: ["forbidden"] });
export const notFound = (thing: "article" | "comment" | "profile" | "route"): ApiError =>
  new ApiError(404, { [thing]: ["not found"] });
export const invalid = (problems: Problems): ApiError => new ApiError(422, problems);
export const taken = (field: "email" | "username"): ApiError => invalid({ [field]: ["has already been taken"] });
export const notJson = (): ApiError => new ApiError(415, { body: ["must be application/json"] });
export const databaseUnavailable = (): ApiError => new ApiError(503, { database: ["is unavailable, try again"] });
export const unexpected = (): ApiError => new ApiError(500, { server: ["failed unexpectedly"] });

/**
 * The specification's error model asks for `errors.body`, a list of sentences; the clients and test collections that
 * grew around it read `errors.<field>`. Every error has both.
 */
export function toErrorBody({ problems }: ApiError): ErrorBody {
  const { body = [], ...others } = problems;
  return { errors: { ...others, body: [...body, ...toSentences(others)] } };
}

function toSentences(problems: Problems): string[] {
  return Object.entries(problems).flatMap(([name, messages]) => messages.map((message) => `${name} ${message}`));
}
