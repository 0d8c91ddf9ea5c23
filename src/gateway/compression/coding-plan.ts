import type { ResolvedCompression } from "../../config/index.ts";
import {
  codedFields,
  type ContentCoding,
  createCodingWish,
  fieldValue,
  forbidsCoding,
  isCodable,
  rawText,
  tagAsKnown,
  varyingFields,
  varyingUpdate,
} from "../../http/index.ts";
import { BodyCoder } from "./body-coder.ts";
import { passCodings } from "./pass-encoders.ts";

/** What of a request decides whether its answer is coded. */
export interface CodedRequest {
  readonly method: string;
  /** Set: an instance of ours asks, or another gateway process, over no distance. */
  readonly service: string | undefined;
  readonly bodyLength: number;
  header(name: string): string | undefined;
}

/** How an answer that passes through for one client is changed. */
export interface CodingPlan {
  /** Name, value, name, value: in the place of the upstream's. */
  readonly fields: readonly string[];
  /** `undefined`: it stays plain, but others might have got it coded. */
  readonly coding: ContentCoding | undefined;
  /** Of the plain body; -1: not known. */
  readonly length: number;
}

const wish = createCodingWish(passCodings);

/**
 * @param raw the upstream's fields: name, value, name, value
 * @returns `undefined`: the answer is left as it is
 */
export function planCoding(
  request: CodedRequest,
  status: number,
  raw: readonly (Buffer | string)[],
  { of, types, minBytes }: ResolvedCompression,
): CodingPlan | undefined {
  const { method, service, bodyLength } = request;
  if (of !== "everything" || service !== undefined || bodyLength !== 0 || (method !== "GET" && method !== "HEAD"))
    return undefined;
  const fields = rawText(raw);
  const length = lengthOf(fields);
  if (status === 304 || status === 206) return { fields: updateFields(fields, request), coding: undefined, length };
  if (!isCodable({ status, fields, length }, { types, minBytes })) return undefined;
  const coding = wantedBy(request);
  return { fields: coding === undefined ? varyingFields(fields) : codedFields(fields, coding), coding, length };
}

function lengthOf(fields: readonly string[]): number {
  const length = Number(fieldValue(fields, "content-length") ?? -1);
  return Number.isNaN(length) ? -1 : length;
}

function wantedBy(request: CodedRequest): ContentCoding | undefined {
  if (request.header("range") !== undefined || forbidsCoding(request.header("cache-control"))) return undefined;
  return BodyCoder.isBusy ? undefined : wish(request.header("accept-encoding"))[0];
}

/** What a client, or a cache, puts to what it has already: it must not find there what was never said of it. */
function updateFields(fields: readonly string[], request: CodedRequest): string[] {
  const condition = request.header("if-none-match");
  return varyingUpdate(fields).map((each, i, all) =>
    i % 2 === 1 && all[i - 1]!.toLowerCase() === "etag" ? tagAsKnown(each, condition) : each,
  );
}
