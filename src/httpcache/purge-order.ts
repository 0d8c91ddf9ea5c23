import type { AnswerStore, Storable } from "./answer-store.ts";
import { cacheKey } from "./cached-request.ts";
import type { PurgeMode } from "./purges.ts";

/** Which stored answers are meant, and what is to become of them. A URL that begins with its path is meant on every host. */
export type PurgeOrder = { readonly mode: PurgeMode } & (
  | { readonly by: "url"; readonly url: string }
  | { readonly by: "prefix"; readonly url: string }
  | { readonly by: "tag"; readonly tags: readonly string[] }
  | { readonly by: "all" }
);

export interface PurgeOutcome {
  /** How many answers it concerned; `undefined`: nobody has counted them. */
  readonly answers: number | undefined;
}

const uncounted: PurgeOutcome = { answers: undefined };

/** In force when it returns. @param services under whose names answers are stored */
export function purge<T extends Storable>(
  store: AnswerStore<T>,
  services: readonly string[],
  order: PurgeOrder,
): PurgeOutcome {
  const { purges } = store;
  const { mode } = order;
  switch (order.by) {
    case "all": {
      const answers = store.count;
      purges.purgeAll(mode);
      return { answers };
    }
    case "tag":
      return { answers: sum(order.tags, (tag) => purges.purgeTag(tag, mode)) };
    case "url": {
      const { url } = order;
      if (!url.startsWith("/")) {
        const wanted = canonical(url);
        return { answers: sum(services, (service) => store.purgeUrl(cacheKey(service, wanted), mode)) };
      }
      purges.purgeMatching(`path ${url}`, (key) => targetOf(key) === url, mode);
      return uncounted;
    }
    case "prefix": {
      const { url } = order;
      const wanted = canonical(url);
      if (url.startsWith("/")) purges.purgeMatching(`below ${url}`, (key) => targetOf(key).startsWith(url), mode);
      else for (const service of services) purges.purgePrefix(cacheKey(service, wanted), mode);
      return uncounted;
    }
  }
}

/** Scheme and host in lower case, without the scheme's own port; the rest as it was written. */
export function canonical(url: string): string {
  const [, scheme = "", host = "", target = ""] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const plain = host.toLowerCase().replace(scheme.toLowerCase() === "https" ? /:443$/ : /:80$/, "");
  return `${scheme.toLowerCase()}://${plain}${target.startsWith("/") ? target : `/${target}`}`;
}

function targetOf(key: string): string {
  return key.slice(key.indexOf("/", key.indexOf("://") + 3));
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
