import type { ResolvedStatic } from "../config/index.ts";
import { openInside } from "./open-inside.ts";
import type { FilePath } from "./request-path.ts";
import { SiteFile } from "./site-file.ts";

export interface FoundFile {
  readonly file: SiteFile;
  /** Below the directory. */
  readonly names: readonly string[];
  /** The page that stands for all that are not there. */
  readonly isFallback: boolean;
}

/** `location`: the directory's path, with the slash that was missing. */
export type Finding = FoundFile | { readonly location: string } | { readonly missing: "absent" | "denied" };

/**
 * The file that answers for a path: itself, a directory's index, or the fallback.
 *
 * A directory without a slash is redirected, so that relative links in its index lead where they should. That is said by its path as
 * the client wrote it, which begins with one slash and no second: it never leads to another host.
 *
 * @param root without symbolic links
 * @param wantsPage somebody opened this path in a browser, as far as can be seen
 */
export async function findFile(
  { index, fallback }: Pick<ResolvedStatic, "index" | "fallback">,
  root: string,
  path: FilePath,
  wantsPage: boolean,
): Promise<Finding> {
  const { names } = path;
  const found = path.isFolder ? "folder" : await openInside(root, names);
  if (found instanceof SiteFile) return { file: found, names, isFallback: false };
  if (found === "folder" && index !== false) {
    const inside = [...names, index];
    const page = await openInside(root, inside);
    if (page instanceof SiteFile) {
      if (path.isFolder) return { file: page, names: inside, isFallback: false };
      await page.close();
      return { location: `${path.path}/${path.query}` };
    }
    if (page === "denied") return { missing: page };
  }
  if (found === "denied") return { missing: found };
  if (fallback === undefined || !wantsPage) return { missing: "absent" };
  const fallbackNames = fallback.split("/");
  const page = await openInside(root, fallbackNames);
  return page instanceof SiteFile ? { file: page, names: fallbackNames, isFallback: true } : { missing: "absent" };
}
