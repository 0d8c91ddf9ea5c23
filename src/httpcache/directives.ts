/**
 * The directives of a Cache-Control field (RFC 9111 §5.2): names in lower case, each with what was said of it, in order; `undefined`:
 * it stood alone.
 *
 *     Cache-Control   = #cache-directive
 *     cache-directive = token [ "=" ( token / quoted-string ) ]
 */
export type Directives = ReadonlyMap<string, readonly (string | undefined)[]>;

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const wholeToken = new RegExp(`^${token}$`);
const directive = new RegExp(`^(${token})(?:=(?:"((?:[^"\\\\]|\\\\.)*)"|(${token})))?$`);
/** `max-age = 5`, `no-cache="unended`: what is said cannot be read, but it was meant to say something of this. */
const malformed = new RegExp(`^(${token})(.*)$`);

/** @param value the field's lines, joined by commas */
export function parseDirectives(value: string): Directives {
  const directives = new Map<string, (string | undefined)[]>();
  for (const text of membersOf(value)) {
    const [, name, quoted, plain] = directive.exec(text) ?? malformed.exec(text) ?? [];
    if (name === undefined) continue;
    const said = plain ?? quoted?.replaceAll(/\\(.)/g, "$1");
    const before = directives.get(name.toLowerCase());
    if (before === undefined) directives.set(name.toLowerCase(), [said]);
    else before.push(said);
  }
  return directives;
}

/** What stands between commas, but for those in quotes. A quotation that does not end is none. */
function membersOf(value: string): string[] {
  const members: string[] = [];
  let begin = 0;
  // Behind a quotation that does not end, none does: that is found out once.
  let areQuotationsOver = false;
  for (let at = 0; at <= value.length; at++) {
    const char = value[at];
    if (char === "," || char === undefined) {
      members.push(value.slice(begin, at).trim());
      begin = at + 1;
    } else if (char === '"' && !areQuotationsOver) {
      const end = endOfQuotation(value, at);
      if (end === -1) areQuotationsOver = true;
      else at = end;
    }
  }
  return members;
}

/** @returns where the closing quote is; -1: there is none */
function endOfQuotation(value: string, from: number): number {
  for (let at = from + 1; at < value.length; at++) {
    if (value[at] === '"') return at;
    if (value[at] === "\\") at++;
  }
  return -1;
}

const maxSeconds = 2 ** 31;

/**
 * A number of seconds (§1.2.2), of the first time the directive stands there (§4.2.1).
 *
 * @returns `undefined`: it does not stand there; `invalid` when it cannot be read
 */
export function secondsOf<Invalid>(
  directives: Directives,
  name: string,
  invalid: Invalid,
): number | Invalid | undefined {
  const said = directives.get(name);
  if (said === undefined) return undefined;
  const [first] = said;
  return first !== undefined && /^\d+$/.test(first) ? Math.min(Number(first), maxSeconds) : invalid;
}

/**
 * The fields that a qualified `no-cache` or `private` names (§5.2.2.4, §5.2.2.7), in lower case; also of one that stands there without
 * any as well.
 */
export function namedFieldsOf(directives: Directives, name: string): readonly string[] {
  return (directives.get(name) ?? []).flatMap((said) => fieldNames(said) ?? []);
}

/** Whether `no-cache` or `private` stands there for the whole answer: without fields, or with what cannot be read. */
export function isUnqualified(directives: Directives, name: string): boolean {
  return (directives.get(name) ?? []).some((said) => fieldNames(said) === undefined);
}

function fieldNames(said: string | undefined): readonly string[] | undefined {
  const names = said
    ?.split(",")
    .map((field) => field.trim().toLowerCase())
    .filter((field) => field !== "");
  return names === undefined || names.length === 0 || !names.every((field) => wholeToken.test(field))
    ? undefined
    : names;
}
