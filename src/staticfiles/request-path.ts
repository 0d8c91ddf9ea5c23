/**
 * From what a client wrote to names of files: the only place where bytes of a request become a path.
 *
 * It is decoded once, name by name, after it was cut at its slashes. So what is encoded can never become a separator: names that hold one, or
 * NUL, are refused, as are `.` and `..`, which every client resolves itself (RFC 3986 §5.2.4) and only an attack sends. Two slashes in a
 * row name nothing; a path that begins with them would be another host where it stands in a Location.
 *
 * What is left cannot leave the directory by its names. Symbolic links can: open-file.ts.
 */
export type RequestPath = FilePath | Refusal;

export interface FilePath {
  /** Below the directory; none: the directory itself. */
  readonly names: readonly string[];
  /** It ends with a slash. */
  readonly isFolder: boolean;
  /** As the client wrote it, without the query; what is not ASCII encoded. */
  readonly path: string;
  /** As the client wrote it, with its question mark; empty: none. */
  readonly query: string;
}

export interface Refusal {
  /** 400: no client that means well sends it. 404: there is no such file here. */
  readonly refused: 400 | 404;
}

export interface PathRules {
  /** The path that the directory stands at: `"/"`, `"/app"`. */
  readonly base: string;
  /** Names that begin with a dot are files like any other. */
  readonly dotfiles: boolean;
}

const malformed: Refusal = { refused: 400 };
const absent: Refusal = { refused: 404 };

/** @param target of the request: path and query, as latin1 */
export function readRequestPath(target: string, { base, dotfiles }: PathRules): RequestPath {
  const end = target.indexOf("?");
  const path = (end === -1 ? target : target.slice(0, end)).replaceAll(/[\x80-\xff]/g, encode);
  // Beside visible ASCII, and UTF-8, nothing is sent. A backslash is a separator to some, and a slash to browsers.
  if (!/^\/[!-[\]-~]*$/.test(path)) return malformed;
  const all = path.slice(1).split("/");
  const isFolder = all.at(-1) === "";
  if (isFolder) all.pop();
  const names: string[] = [];
  for (const each of all) {
    const name = decode(each);
    if (name === undefined || name === "." || name === "..") return malformed;
    names.push(name);
  }
  const above = base.split("/").filter((name) => name !== "");
  if (names.includes("") || above.some((name, i) => names[i] !== name)) return absent;
  const below = names.slice(above.length);
  if (!dotfiles && below.some(isHidden)) return absent;
  return { names: below, isFolder, path, query: end === -1 ? "" : target.slice(end) };
}

function encode(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase()}`;
}

function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    const name = decodeURIComponent(text);
    return /[/\\\0]/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** Hidden files hold what is not for the world: .git, .env. What RFC 8615 gives a name to is for it. */
function isHidden(name: string, index: number): boolean {
  return name.startsWith(".") && !(index === 0 && name === ".well-known");
}
