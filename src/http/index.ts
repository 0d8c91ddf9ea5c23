export { AnswerHead } from "./answer-head.ts";
export type { Framing } from "./answer-reader.ts";
export { answerFields, answerReason } from "./answer-text.ts";
export type { AnswerTaker, ConnectionFailure } from "./answer-taker.ts";
export { rewriteAnswer, rewrittenHead } from "./answer-rewriting.ts";
export { type ByteRange, readByteRanges } from "./byte-range.ts";
export { CanonicalHead, type HeadFault, readCanonicalHead } from "./canonical-request.ts";
export { ChunkData } from "./chunk-data.ts";
export { type AnswerToCode, type CodingRules, forbidsCoding, isCodable } from "./codable.ts";
export { codedFields, tagAsKnown, unvaryingFields, varyingFields, varyingUpdate } from "./coded-fields.ts";
export { ConnectionPool } from "./connection-pool.ts";
export {
  chooseCoding,
  type CodingWeight,
  type ContentCoding,
  contentCodings,
  readCodingWeights,
} from "./content-coding.ts";
export { isEntityTag, isWeakTag, matchesStrongly, matchesWeakly } from "./entity-tag.ts";
export { findCookie } from "./cookies.ts";
export { fieldValue, readAnswerFields, readFieldSection, requestField } from "./field-section.ts";
export { addForwarding, clientAddress, createPeer, fellowGateway, type Peer, plainAddress } from "./forwarding.ts";
export { httpDate, parseHttpDate } from "./http-date.ts";
export { canonicalPath, isPathPrefix, normalizePath } from "./path.ts";
export { compilePredicate, type Predicate, type PredicateRequest } from "./predicate.ts";
export { type Problem, problemAnswer, problemMessage } from "./problem.ts";
export { readRequestHead, type RequestHead } from "./request-head.ts";
export { createRequestIds, isSaneRequestId } from "./request-id.ts";
export { hostName, isAuthority, originOf, parseTarget, type RequestTarget } from "./request-target.ts";
export { rawText, reasonPhrase, readResponseHead, readTrailers, type ResponseHead } from "./response-head.ts";
export { createTrust } from "./trusted-proxies.ts";
export type { Address, UpstreamConnection } from "./upstream-connection.ts";
export { type CodingWish, createCodingWish } from "./wanted-codings.ts";
export { readWeights, type Weighted } from "./weights.ts";
