import { cachePolicy, type Lifetime } from "./cache-policy.ts";
import type { Representation } from "./representation.ts";

export interface AnswerFacts {
  readonly lifetime: Lifetime;
  /** Whether there is an answer at all depends on what the client accepts. */
  readonly isFallback: boolean;
}

/** What every answer says that is about a representation, a 304 as well as a whole one. Name, value, name, value. */
export function answerFields({ validators, isNegotiated }: Representation, facts: AnswerFacts): string[] {
  const fields = cachePolicy(facts.lifetime);
  const vary = [...(isNegotiated ? ["Accept-Encoding"] : []), ...(facts.isFallback ? ["Accept"] : [])];
  if (vary.length > 0) fields.push("Vary", vary.join(", "));
  const { etag, lastModified } = validators;
  if (etag !== undefined) fields.push("ETag", etag);
  if (lastModified !== undefined) fields.push("Last-Modified", new Date(lastModified).toUTCString());
  return fields;
}

/** What is said of content, where there is any. @param type of what is sent, which may be several parts */
export function contentFields({ coding }: Representation, type: string): string[] {
  const fields = ["Content-Type", type, "X-Content-Type-Options", "nosniff", "Accept-Ranges", "bytes"];
  if (coding !== undefined) fields.push("Content-Encoding", coding);
  return fields;
}
