import { createHash } from "node:crypto";
import { chunkBytes, type SiteFile } from "./site-file.ts";

/** What requests may be measured against (RFC 9110 §8.8). */
export interface FileValidators {
  /** With its quotes. */
  readonly etag: string | undefined;
  /** Milliseconds since the epoch, whole seconds. */
  readonly lastModified: number | undefined;
}

/** Larger ones are not read for their tag. */
const maxHashedBytes = 8 * 1024 * 1024;
const maxKnown = 10_000;
/** File systems note times as coarsely as this, FAT and those of other machines the most. */
const settledMs = 2_000;
/** Times before are no times: tools that build the same bytes each time set them all to 0 or 1, or to where Zip begins. */
const earliest = Date.UTC(1980, 0, 3);

/**
 * Strong entity tags, which change whenever a byte does.
 *
 * A file's tag is a hash of what is in it: the same on every machine and after every deployment that leaves the file alone, and another when
 * only a digit has changed, which tags made of size and time miss where all files have the same time (a container image, a Nix store). It is
 * computed once for what `stat` shows of the file; that includes its inode and ctime, which nobody can set. Of files too large to be read
 * for it, these are the tag.
 *
 * All this holds of files that have been left alone for a moment. Of one that has changed just now another change may leave no trace: the clock
 * of the file system has not moved on. Git calls these "racily clean". So the content of such a file, if it fits in memory, is read and
 * hashed for each answer, and is what is sent; a larger one has no tag until the moment has passed, nor has any of them a Last-Modified, which
 * names whole seconds.
 */
export class FileTags {
  readonly #known = new Map<string, string>();
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws FileChanged */
  async validatorsOf(file: SiteFile): Promise<FileValidators> {
    const age = this.#now() - file.changedAt;
    if (age < settledMs) {
      const etag = file.size <= chunkBytes ? quoted(createHash("sha256").update(await file.whole())) : undefined;
      return { etag, lastModified: undefined };
    }
    const isTime = file.modifiedAt >= earliest && file.modifiedAt <= this.#now();
    return {
      etag: this.#known.get(file.version) ?? this.#learn(file.version, await tagOf(file)),
      lastModified: isTime ? Math.floor(file.modifiedAt / 1_000) * 1_000 : undefined,
    };
  }

  #learn(version: string, tag: string): string {
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(version, tag);
    return tag;
  }
}

async function tagOf(file: SiteFile): Promise<string> {
  const hash = createHash("sha256");
  if (file.size > maxHashedBytes) return quoted(hash.update(file.version));
  if (file.size <= chunkBytes) return quoted(hash.update(await file.whole()));
  for await (const chunk of file.chunks({ first: 0, last: file.size - 1 })) hash.update(chunk);
  return quoted(hash);
}

function quoted(hash: ReturnType<typeof createHash>): string {
  return `"${hash.digest("base64url").slice(0, 22)}"`;
}
