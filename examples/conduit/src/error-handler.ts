import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { isConnectionFailure, isMissingUser, isUnstorableText } from "./database/failures.ts";
import {
  ApiError,
  databaseUnavailable,
  invalid,
  notFound,
  notJson,
  toErrorBody,
  tokenInvalid,
  unexpected,
} from "./errors.ts";
import { toProblems } from "./validation.ts";

/** Answers whatever was thrown in the API's own form; what nobody foresaw is logged and told as a 500. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = toApiError(error);
  if (answer.status === 500) request.log.error({ err: error, method: request.method, url: request.url }, "unexpected");
  else if (answer.status > 500) request.log.warn({ reason: (error as Error).message }, answer.message);
  return send(reply, answer);
}

export function handleUnknownRoute(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(reply, notFound("route"));
}

function send(reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.status === 401) reply.header("www-authenticate", "Token");
  return reply
    .code(error.status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(toErrorBody(error)));
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isMissingUser(error)) return tokenInvalid();
  if (isUnstorableText(error)) return invalid({ body: ["contains characters that cannot be stored"] });
  if (isConnectionFailure(error)) return databaseUnavailable();
  return fromFastify(error as FastifyError) ?? unexpected();
}

function fromFastify({ code, statusCode, validation }: FastifyError): ApiError | undefined {
  if (validation) return invalid(toProblems(validation));
  switch (code) {
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return invalid({ body: ["is not valid JSON"] });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return notJson();
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new ApiError(413, { body: ["is too large"] });
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return notFound("route");
    default:
      return statusCode && statusCode < 500 ? new ApiError(statusCode, { request: ["is invalid"] }) : undefined;
  }
}
