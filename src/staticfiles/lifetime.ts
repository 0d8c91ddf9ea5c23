import type { ResolvedStatic } from "../config/index.ts";
import type { Lifetime } from "./cache-policy.ts";
import type { FoundFile } from "./find-file.ts";
import { hasContentHash } from "./hashed-name.ts";

/** @param path of the request */
export function lifetimeOf(
  immutable: ResolvedStatic["immutable"],
  path: string,
  { names, isFallback }: Pick<FoundFile, "names" | "isFallback">,
): Lifetime {
  // The fallback stands at paths that a file may have tomorrow.
  if (isFallback || immutable === false) return "ask";
  const isImmutable =
    immutable === true
      ? hasContentHash(names.at(-1)!)
      : immutable.some(({ kind, value }) => path === value || (kind === "prefix" && path.startsWith(`${value}/`)));
  return isImmutable ? "forever" : "ask";
}
