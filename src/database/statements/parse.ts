/**
 * What a text of SQL does, by Postgres's own parser (libpg-query, compiled to WebAssembly; Postgres 18's grammar, which takes what 14 to 17 take). Read
 * is what is known to be harmless; whatever is not known is a write. So the rules name what is allowed, not what is forbidden:
 *
 *  - SELECT, VALUES and TABLE, without INTO and without FOR UPDATE or SHARE, at every depth; a data-modifying WITH has other statements in it;
 *  - functions are listed: whether they are volatile is the catalogue's to say (function-book.ts). Those that begin with `pg_` are about this very server;
 *  - so are the relations that begin with `pg_`, as far as they are no tables, and `information_schema` is built on them.
 */
import { everyNode, parseStatements, type Tree } from "./parser.ts";
import { read, type StatementTraits, unsure, write } from "./traits.ts";

export interface ParsedText {
  /** As far as the text alone says: `read` if none of `functions` is volatile. */
  readonly traits: StatementTraits;
  /** Names of functions, without schema, in lower case unless quoted. */
  readonly functions: readonly string[];
}

/** Statements that long are dumps and imports. */
const maxTextLength = 100_000;

/** What cannot be parsed is `unsure`: the server will say what is wrong with it. */
export async function parseText(text: string): Promise<ParsedText> {
  if (text.length > maxTextLength) return { traits: unsure, functions: [] };
  const statements = await parseStatements(text).catch(() => undefined);
  return statements === undefined
    ? { traits: unsure, functions: [] }
    : together(statements.map(({ tree }) => inspect(tree)));
}

function together(all: readonly ParsedText[]): ParsedText {
  if (all.length === 1) return all[0]!;
  // An empty text does nothing; where it goes is all the same. Who begins a transaction and goes on in the same text is not followed.
  const access = all.length > 0 && all.every(({ traits }) => traits.access === "read") ? "read" : "write";
  const needsSession = all.some(({ traits }) => traits.needsSession || traits.transaction !== undefined);
  const changes = all.some(({ traits }) => traits.changes);
  return { traits: { access, needsSession, changes }, functions: all.flatMap(({ functions }) => functions) };
}

function inspect(statement: Tree): ParsedText {
  const [kind = ""] = Object.keys(statement);
  const node = statement[kind] as Tree;
  switch (kind) {
    case "SelectStmt":
      return inspectSelect(statement);
    case "TransactionStmt":
      return { traits: transactionTraits(node), functions: [] };
    case "CopyStmt":
    case "ExplainStmt":
    case "VariableShowStmt":
      return { traits: write, functions: [] };
    default: {
      const needsSession = keepsSession.has(kind) || isTemporary(node);
      return { traits: { ...write, needsSession, changes: !needsSession }, functions: [] };
    }
  }
}

const keepsSession = new Set([
  "VariableSetStmt",
  "ListenStmt",
  "UnlistenStmt",
  "PrepareStmt",
  "ExecuteStmt",
  "DeallocateStmt",
  "DiscardStmt",
  "DeclareCursorStmt",
  "FetchStmt",
  "ClosePortalStmt",
  "LoadStmt",
  "DoStmt",
  "CallStmt",
]);

function isTemporary(node: Tree): boolean {
  const relation = (node["relation"] ?? (node["into"] as Tree | undefined)?.["rel"]) as Tree | undefined;
  return relation?.["relpersistence"] === "t";
}

function transactionTraits(node: Tree): StatementTraits {
  const kind = node["kind"] as string;
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") {
    const options = (node["options"] ?? []) as readonly Tree[];
    return { ...write, transaction: options.some(isReadOnly) ? "begin-read-only" : "begin" };
  }
  const ends = ["TRANS_STMT_COMMIT", "TRANS_STMT_ROLLBACK", "TRANS_STMT_PREPARE"].includes(kind);
  // COMMIT AND CHAIN begins the next one.
  if (ends && node["chain"] !== true) return { ...write, transaction: "end" };
  return { ...write, needsSession: true };
}

function isReadOnly({ DefElem: option }: Tree): boolean {
  const { defname, arg } = option as { defname?: string; arg?: { A_Const?: { ival?: { ival?: number } } } };
  return defname === "transaction_read_only" && arg?.A_Const?.ival?.ival === 1;
}

function inspectSelect(statement: Tree): ParsedText {
  const functions = new Set<string>();
  let changes = false;
  const isHarmless = everyNode(statement, (kind, node) => {
    if (kind === "FuncCall") {
      const name = lastName(node["funcname"]);
      functions.add(name);
      return !name.startsWith("pg_");
    }
    if (kind === "RangeVar") return !isAboutServer(node) && node["relpersistence"] !== "t";
    changes = isChange(kind, node);
    return !changes;
  });
  if (isHarmless) return { traits: read, functions: [...functions] };
  return {
    traits: { ...write, changes, needsSession: [...functions].some((name) => sessionFunctions.test(name)) },
    functions: [],
  };
}

const sessionFunctions = /^(pg_(try_)?advisory|set_config$)/;

function isChange(kind: string, node: Tree): boolean {
  if (kind === "SelectStmt") return node["intoClause"] !== undefined || node["lockingClause"] !== undefined;
  return kind.endsWith("Stmt");
}

/** Of `pg_catalog` only what is a table is the same everywhere; what is a view tells of this server's doings. */
function isAboutServer(relation: Tree): boolean {
  const name = (relation["relname"] ?? "") as string;
  return name.startsWith("pg_") || relation["schemaname"] === "information_schema";
}

function lastName(names: unknown): string {
  const last = (names as readonly { readonly String?: { readonly sval?: string } }[]).at(-1);
  return last?.String?.sval ?? "";
}
