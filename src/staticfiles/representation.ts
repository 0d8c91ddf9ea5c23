import { chooseCoding, type CodingWeight, type ContentCoding, contentCodings } from "../http/index.ts";
import { codedTag, compressedBytes, type Compressor } from "./compressor.ts";
import type { FileTags, FileValidators } from "./file-tags.ts";
import { hasContentHash } from "./hashed-name.ts";
import { isCompressible, mediaTypeOf } from "./media-type.ts";
import { openInside } from "./open-inside.ts";
import { SiteFile } from "./site-file.ts";

/** One of the forms in which a file can be sent (RFC 9110 §8). */
export interface Representation {
  readonly type: string;
  readonly coding: ContentCoding | undefined;
  readonly validators: FileValidators;
  /** Holds its bytes; or, where they are to be made, those they are made of. */
  readonly file: SiteFile;
  readonly isMade: boolean;
  /** Others can be had, by another Accept-Encoding. */
  readonly isNegotiated: boolean;
}

export interface Original {
  readonly root: string;
  readonly names: readonly string[];
  readonly file: SiteFile;
  /** Whether codings may be made, or only found. */
  readonly compress: boolean;
}

export interface Workshop {
  readonly tags: FileTags;
  readonly compressor: Compressor;
}

const suffixes: Readonly<Record<ContentCoding, string>> = { br: ".br", zstd: ".zst", gzip: ".gz" };
/** Copying may set the times of two files in any order; who edits a file and does not build again takes longer. */
const sameTimeMs = 2_000;

/**
 * Chooses the form of a file that a client wants most. Of codings that it wants alike one that lies beside the file, `app.js.br`, is taken before
 * one that would have to be made: it costs nothing and is smaller.
 *
 * @param opened takes the files that must be closed when the answer is over
 */
export async function represent(
  original: Original,
  weightOf: CodingWeight,
  { tags, compressor }: Workshop,
  opened: AsyncDisposableStack,
): Promise<Representation> {
  const { names, file } = original;
  const type = mediaTypeOf(names.at(-1)!);
  const isNegotiated = isCompressible(type);
  const plain = { type, coding: undefined, file, isMade: false, isNegotiated };
  const validators = await tags.validatorsOf(file);
  if (!isNegotiated) return { ...plain, validators };

  const found = await findVariants(original, weightOf, opened);
  // What has no tag is changing right now: what was made of it would be another the next moment.
  const canMake =
    original.compress &&
    validators.etag !== undefined &&
    file.size >= compressedBytes.least &&
    file.size <= compressedBytes.most &&
    !compressor.isBusy;
  const makeable = canMake ? contentCodings.filter((coding) => !found.has(coding)) : [];
  const coding = chooseCoding(weightOf, [...found.keys(), ...makeable]) ?? "identity";
  if (coding === "identity") return { ...plain, validators };

  const variant = found.get(coding);
  if (variant !== undefined) {
    // When it was changed is said of the file, whatever its form.
    const { etag } = await tags.validatorsOf(variant);
    return { ...plain, coding, file: variant, validators: { ...validators, etag } };
  }
  return { ...plain, coding, isMade: true, validators: { ...validators, etag: codedTag(validators.etag!, coding) } };
}

/** What lies beside the file and is no older than it, in the order of preference. */
async function findVariants(
  { root, names, file }: Original,
  weightOf: CodingWeight,
  opened: AsyncDisposableStack,
): Promise<ReadonlyMap<ContentCoding, SiteFile>> {
  const name = names.at(-1)!;
  const wanted = contentCodings.filter((coding) => weightOf(coding) > 0);
  const found = new Map<ContentCoding, SiteFile>();
  for (const coding of wanted) {
    const variant = await openInside(root, [...names.slice(0, -1), name + suffixes[coding]]);
    if (!(variant instanceof SiteFile)) continue;
    opened.use(variant);
    // A name with a hash says itself what it is of.
    const isCurrent = hasContentHash(name) || variant.modifiedAt >= file.modifiedAt - sameTimeMs;
    if (isCurrent && variant.size > 0) found.set(coding, variant);
  }
  return found;
}
