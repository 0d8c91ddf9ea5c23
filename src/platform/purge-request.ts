import type { PurgeOrder } from "../gateway/index.ts";
import type { TenfoldError } from "../kernel/index.ts";
import { purgeInvalid } from "./errors.ts";

/** What is to be purged, as people and apps say it. */
export interface PurgeRequest {
  /** Whole, `"https://shop.example/articles?page=2"`; or from the path on, `"/articles"`: then of every host. */
  readonly urls?: readonly string[];
  /** What URLs begin with, in the same two forms: `"/articles/"`. */
  readonly prefixes?: readonly string[];
  /** As answers name them by `Cache-Tag` or `Surrogate-Key`. */
  readonly tags?: readonly string[];
  /** Everything; said alone. */
  readonly all?: true;
  /** What is purged counts as stale: it may still be given while a new one is fetched, or while the origin fails. Default `false`: it is gone. */
  readonly soft?: boolean;
}

/** @throws CACHE_PURGE_INVALID */
export function toPurgeOrders({ urls = [], prefixes = [], tags = [], all, soft }: PurgeRequest): PurgeOrder[] {
  const mode = soft === true ? "soft" : "hard";
  const count = urls.length + prefixes.length + tags.length;
  if (all === true) {
    if (count > 0) throw purgeInvalid("all, and something beside it", "give all alone: it is everything already");
    return [{ mode, by: "all" }];
  }
  if (count === 0) {
    throw purgeInvalid("nothing", "give a URL, a path, a prefix or a tag; or all: see `tenfold purge --help`");
  }
  return [
    ...urls.map((url): PurgeOrder => ({ mode, by: "url", url: toTarget(url) })),
    ...prefixes.map((url): PurgeOrder => ({ mode, by: "prefix", url: toTarget(url) })),
    ...(tags.length === 0 ? [] : [{ mode, by: "tag", tags: tags.map(toTag) } as const]),
  ];
}

/**
 * The path stays as it was written: clients and caches compare it letter by letter, and what a URL parser makes of it need not be what a
 * client has sent. Scheme and host are spelled in one way only.
 */
function toTarget(text: string): string {
  if (text === "") throw purgeInvalid("an empty URL", 'give a URL or a path, such as "/articles"');
  if (!/^[!-~]+$/.test(text)) {
    throw purgeInvalid(JSON.stringify(text), `percent-encode it, as clients send it: "${encodeURI(text.trim())}"`);
  }
  const sent = text.split("#")[0]!;
  if (sent !== text)
    throw purgeInvalid(JSON.stringify(text), `leave the fragment out, which no client sends: "${sent}"`);
  if (text.endsWith("/*")) throw purgeInvalid(JSON.stringify(text), `give "${text.slice(0, -1)}" as a prefix`);
  if (text.startsWith("/") && !text.startsWith("//")) return text;
  const [, origin, rest = ""] = /^(https?:\/\/[^/?]+)(.*)$/i.exec(text) ?? [];
  if (origin === undefined || !URL.canParse(origin)) throw noUrl(text);
  const { protocol, host, username, password } = new URL(origin);
  if (username !== "" || password !== "")
    throw purgeInvalid(`a URL with a user in it`, "leave the user and password out");
  return `${protocol}//${host}${rest.startsWith("/") ? "" : "/"}${rest}`;
}

function noUrl(text: string): TenfoldError {
  const bare = text.replace(/^(https?:)?\/*/i, "");
  const isHost = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/|$)|^[\w.-]+:\d+(\/|$)|^localhost(\/|$)/i.test(bare);
  const asUrl = `"https://${bare}" (or http://)`;
  const fix = isHost ? `write ${asUrl}` : `write "/${bare}" for this path on every host, or ${asUrl}`;
  return purgeInvalid(`${JSON.stringify(text)} is neither a URL with its scheme nor a path`, fix);
}

/** No answer's tag holds a comma or a space: `Cache-Tag` and `Surrogate-Key` separate their tags by them. */
function toTag(tag: string): string {
  if (/^[^\s,]{1,256}$/.test(tag)) return tag;
  const fix =
    tag.length > 256 ? "give tags of at most 256 letters" : "give each tag by itself, without spaces and commas";
  throw purgeInvalid(`the tag ${JSON.stringify(tag.slice(0, 60))}`, fix);
}
