/** Postgres's own parser, and how to walk what it gives. */

/** JSON as the parser gives it: `{ "SelectStmt": { … } }`. */
export type Tree = { readonly [key: string]: Tree | readonly Tree[] | string | number | boolean | undefined };

export interface ParsedStatement {
  readonly tree: Tree;
  /** Without what separates it from the others. */
  readonly text: string;
  /** In the whole text, of its first character, from 1. */
  readonly line: number;
}

interface Parser {
  readonly parseSync: (text: string) => unknown;
}

interface Output {
  readonly stmts?: readonly { readonly stmt?: Tree; readonly stmt_location?: number; readonly stmt_len?: number }[];
}

let loading: Promise<Parser> | undefined;

/** Two megabytes of WebAssembly: loaded when the first text is looked at. */
function load(): Promise<Parser> {
  loading ??= import("libpg-query").then(async (module) => {
    await module.loadModule();
    return module as Parser;
  });
  return loading;
}

/** @throws what the parser says of a text that is no SQL */
export async function parseStatements(text: string): Promise<readonly ParsedStatement[]> {
  const { parseSync } = await load();
  const { stmts = [] } = parseSync(text) as Output;
  // The parser counts bytes.
  const bytes = Buffer.from(text);
  return stmts.map(({ stmt = {}, stmt_location: from = 0, stmt_len: length }) => {
    const own = bytes.subarray(from, length === undefined ? undefined : from + length).toString();
    const before = bytes.subarray(0, from).toString() + /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(own)![0];
    return { tree: stmt, text: own.trim(), line: before.split("\n").length };
  });
}

/** Asks about every node that has a kind, `{ "Kind": { … } }`, until the answer is no. A tree as deep as the parser takes is walked without recursion. */
export function everyNode(root: Tree, isFine: (kind: string, node: Tree) => boolean): boolean {
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) {
      for (const each of next) rest.push(each);
      continue;
    }
    if (typeof next !== "object" || next === null) continue;
    for (const [key, value] of Object.entries(next as Tree)) {
      if (typeof value !== "object") continue;
      if (nodeKind.test(key) && !Array.isArray(value) && !isFine(key, value as Tree)) return false;
      rest.push(value);
    }
  }
  return true;
}

/** Kinds begin with a capital letter, fields with a small one. */
const nodeKind = /^[A-Z]/;
