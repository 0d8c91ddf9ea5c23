import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ByteRange } from "../http/index.ts";
import { answerFields, type AnswerFacts, contentFields } from "./answer-fields.ts";
import type { Compressor } from "./compressor.ts";
import { type BodyPart, contentRange, lengthOf, multipartBody } from "./multipart.ts";
import { judgeConditions, judgeRange } from "./precondition.ts";
import { conditionFailed, rangeNotSatisfiable } from "./problems.ts";
import type { Representation } from "./representation.ts";
import { sendProblem } from "./send-problem.ts";
import { chunkBytes, SiteFile } from "./site-file.ts";

/**
 * Answers with a representation: all of it, parts of it, or only that it is still the same.
 *
 * @throws FileChanged, while nothing has been sent. Later the connection breaks: a length that was promised and not kept must not look like an end.
 */
export async function answerWithFile(
  req: IncomingMessage,
  res: ServerResponse,
  representation: Representation,
  facts: AnswerFacts,
  compressor: Compressor,
): Promise<void> {
  const { validators, file, coding, type, isMade } = representation;
  const fields = answerFields(representation, facts);
  const judgement = judgeConditions(req.rawHeaders, validators);
  if (judgement === "not-modified") return void res.writeHead(304, fields).end();
  if (judgement === "failed") return sendProblem(req, res, conditionFailed);
  if (req.method === "HEAD") {
    fields.push(...contentFields(representation, type));
    // Of what is not made yet, nobody knows the length.
    if (!isMade) fields.push("Content-Length", String(file.size));
    return void res.writeHead(200, fields).end();
  }

  const source = isMade ? await compressor.compress(validators.etag!, coding!, () => file.whole()) : file;
  if (res.closed) return; // Nobody waits for it any more.
  const isFile = source instanceof SiteFile;
  if (!isFile) res.once("close", compressor.hold(source));
  const length = isFile ? source.size : source.length;
  const ranges = judgeRange(req.rawHeaders, { ...validators, length, isCoded: coding !== undefined });
  if (ranges?.length === 0) return sendProblem(req, res, rangeNotSatisfiable, ["Content-Range", `bytes */${length}`]);

  const body = bodyFor(ranges, type, length);
  fields.push(...contentFields(representation, body.type), ...body.fields);
  const status = ranges === undefined ? 200 : 206;
  if (!isFile || length <= chunkBytes) {
    const bytes = isFile ? await source.whole() : source;
    return void res.writeHead(status, fields).end(pick(bytes, body.parts));
  }
  res.writeHead(status, fields);
  await pipeline(read(source, body.parts), res);
}

interface Body {
  readonly type: string;
  readonly fields: readonly string[];
  readonly parts: readonly BodyPart[];
}

function bodyFor(ranges: readonly ByteRange[] | undefined, type: string, length: number): Body {
  const [only, ...others] = ranges ?? [{ first: 0, last: length - 1 }];
  if (others.length > 0) {
    const { contentType, contentLength, parts } = multipartBody(ranges!, { type, length });
    return { type: contentType, fields: ["Content-Length", String(contentLength)], parts };
  }
  const fields = ["Content-Length", String(lengthOf(only!))];
  if (ranges !== undefined) fields.push("Content-Range", contentRange(only!, length));
  return { type, fields, parts: [only!] };
}

function pick(bytes: Buffer, parts: readonly BodyPart[]): Buffer {
  const picked = parts.map((part) =>
    typeof part === "string" ? Buffer.from(part, "latin1") : bytes.subarray(part.first, part.last + 1),
  );
  return picked.length === 1 ? picked[0]! : Buffer.concat(picked);
}

async function* read(file: SiteFile, parts: readonly BodyPart[]): AsyncGenerator<Buffer, void, void> {
  for (const part of parts) {
    if (typeof part === "string") yield Buffer.from(part, "latin1");
    else yield* file.chunks(part);
  }
}
