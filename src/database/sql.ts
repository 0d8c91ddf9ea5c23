/**
 * Queries as tagged templates. What is put into one never becomes a part of its text: values are parameters, other fragments are spliced in with theirs,
 * identifiers are quoted.
 *
 * @example
 * ```ts
 * const cheap = sql`price < ${limit}`;
 * const { rows } = await db.query(sql`select * from products where ${cheap} and tag = any(${tags}) order by ${sql.identifier("price")}`);
 * ```
 */
import { escapeIdentifier } from "pg";

/** As pg takes it. */
export class Sql {
  readonly text: string;
  readonly values: unknown[];

  constructor(text: string, values: unknown[]) {
    this.text = text;
    this.values = values;
  }
}

class Identifier {
  readonly text: string;

  constructor(names: readonly string[]) {
    this.text = names.map((name) => escapeIdentifier(name)).join(".");
  }
}

function tag(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  let text = strings[0]!;
  const values: unknown[] = [];
  for (const [index, part] of parts.entries()) {
    if (part instanceof Sql) text += splice(part, values);
    else if (part instanceof Identifier) text += part.text;
    else text += `$${values.push(part)}`;
    text += strings[index + 1]!;
  }
  return new Sql(text, values);
}

/** Its parameters get new numbers. What looks like one within quotes is left alone. */
function splice(fragment: Sql, values: unknown[]): string {
  const before = values.length;
  values.push(...fragment.values);
  if (before === 0) return fragment.text;
  return fragment.text.replace(tokens, (token: string, _tag: string | undefined, number: string | undefined) =>
    number === undefined ? token : `$${Number(number) + before}`,
  );
}

/** Quoted texts, names, comments and dollar quotes, as the manual has them (4.1); or a parameter. */
const tokens =
  /\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|(?<![\w$])\$(\d+)/g;

export const sql = Object.assign(tag, {
  /** Quoted names, joined by dots: `sql.identifier("shop", "products")`. */
  identifier: (...names: readonly string[]): Identifier => new Identifier(names),
  /** Fragments or values one after the other: `sql.join(ids)` for `in (…)`. */
  join(parts: readonly unknown[], separator = ", "): Sql {
    const strings = ["", ...parts.slice(1).map(() => separator), ""];
    return tag(Object.assign(strings, { raw: strings }) as unknown as TemplateStringsArray, ...parts);
  },
  /** A text as it is. Never of what a user has given. */
  raw: (text: string): Sql => new Sql(text, []),
});
