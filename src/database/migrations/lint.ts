/**
 * What a migration would do to those who use the tables meanwhile. Each rule is what the manual says about a statement's locks ("Explicit Locking", "ALTER TABLE"): a
 * lock that is held while a table is read through or written anew stops everybody for as long as that takes, and on a large table that is an outage. Tables that
 * the same migration has created have no users yet.
 *
 * A finding that is meant to be is allowed by `-- tenfold: allow <rule>` anywhere in the file.
 */
import { everyNode, type ParsedStatement, parseStatements, type Tree } from "../statements/parser.ts";
import { isOutsideTransaction, type MigrationFile } from "./migration-file.ts";

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly fix: string;
}

interface Concern {
  readonly rule: string;
  readonly message: string;
  readonly fix: string;
}

/** A text that cannot be parsed has no findings: the server will say what is wrong with it. */
export async function lintMigration(file: MigrationFile): Promise<readonly Finding[]> {
  if (file.kind !== "sql") return [];
  const statements = await parseStatements(file.content).catch(() => []);
  const allowed = new Set([...file.content.matchAll(/--\s*tenfold:\s*allow\s+([\w-]+)/gi)].map(([, rule]) => rule));
  const created = new Set<string>();
  const findings: Finding[] = [];
  for (const statement of statements) {
    const concerns = [...concernsOf(statement, created), ...outsideConcerns(statement, file)];
    for (const concern of concerns) {
      if (!allowed.has(concern.rule)) findings.push({ path: file.path, line: statement.line, ...concern });
    }
  }
  return findings;
}

function concernsOf({ tree }: ParsedStatement, created: Set<string>): readonly Concern[] {
  const [kind = ""] = Object.keys(tree);
  const node = tree[kind] as Tree;
  const table = tableOf(node);
  if (kind === "CreateStmt" || kind === "CreateTableAsStmt") {
    created.add(table ?? tableOf((node["into"] as Tree | undefined) ?? {}) ?? "");
    return [];
  }
  if (table !== undefined && created.has(table)) return [];
  return rules[kind]?.(node, table ?? "") ?? [];
}

function outsideConcerns({ text }: ParsedStatement, file: MigrationFile): readonly Concern[] {
  if (isOutsideTransaction(file) || !/^\s*(create|drop|reindex|refresh|alter)\b[^;]*\bconcurrently\b/i.test(text))
    return [];
  if (/^\s*refresh/i.test(text)) return [];
  return [
    {
      rule: "concurrently-in-transaction",
      message: "CONCURRENTLY does not run within a transaction",
      fix: "begin the file with `-- tenfold: no transaction`",
    },
  ];
}

const rules: Readonly<Record<string, (node: Tree, table: string) => readonly Concern[]>> = {
  IndexStmt: (node, table) => (node["concurrent"] === true ? [] : [indexLocksWrites(table)]),
  AlterTableStmt: (node, table) =>
    node["objtype"] === "OBJECT_TABLE"
      ? ((node["cmds"] ?? []) as readonly Tree[]).flatMap((each) => alterConcerns(each["AlterTableCmd"] as Tree, table))
      : [],
  RenameStmt: (node, table) =>
    ["OBJECT_TABLE", "OBJECT_COLUMN"].includes(node["renameType"] as string)
      ? [breaksOldCode(`a new name in ${table}`)]
      : [],
  DropStmt: (node) => {
    if (node["removeType"] === "OBJECT_TABLE") return [breaksOldCode("a dropped table")];
    return node["removeType"] === "OBJECT_INDEX" && node["concurrent"] !== true ? [dropLocks] : [];
  },
  UpdateStmt: (node, table) => (node["whereClause"] === undefined ? [allRows(table)] : []),
  DeleteStmt: (node, table) => (node["whereClause"] === undefined ? [allRows(table)] : []),
  TruncateStmt: () => [rewritesTable("truncate", "delete in batches, or truncate while nobody uses the table")],
  ClusterStmt: () => [rewritesTable("cluster", "use pg_repack, or do it while nobody uses the table")],
  VacuumStmt: (node) =>
    JSON.stringify(node["options"] ?? []).includes('"full"')
      ? [rewritesTable("vacuum full", "use pg_repack, or do it while nobody uses the table")]
      : [],
  ReindexStmt: (node) =>
    JSON.stringify(node["params"] ?? []).includes('"concurrently"')
      ? []
      : [rewritesTable("reindex", "write `reindex … concurrently`")],
  RefreshMatViewStmt: (node, table) =>
    node["concurrent"] === true
      ? []
      : [rewritesTable(`refresh ${table}`, "write `refresh materialized view concurrently`; it needs a unique index")],
  LockStmt: () => [
    {
      rule: "lock-table",
      message: "an explicit lock stops whoever else needs the table",
      fix: "do without, or hold it for a moment only",
    },
  ],
};

function alterConcerns(command: Tree, table: string): readonly Concern[] {
  const definition = command["def"] as Tree | undefined;
  switch (command["subtype"] as string) {
    case "AT_AddColumn":
      return columnConcerns((definition?.["ColumnDef"] ?? {}) as Tree, table);
    case "AT_SetNotNull":
      return [
        scansTable(
          `set not null on ${table}`,
          "add `check (… is not null) not valid`, validate it in the next migration, then set not null",
        ),
      ];
    case "AT_AlterColumnType":
      return [
        rewritesTable(
          `another type in ${table}`,
          "add a column of the new type, copy in batches, and switch; or be sure that the types are binary compatible",
        ),
      ];
    case "AT_AddConstraint":
      return constraintConcerns((definition?.["Constraint"] ?? {}) as Tree, table);
    case "AT_DropColumn":
      return [breaksOldCode(`a column dropped from ${table}`)];
    case "AT_SetLogged":
    case "AT_SetUnLogged":
    case "AT_SetTableSpace":
      return [rewritesTable(`alter table ${table}`, "do it while nobody uses the table")];
    default:
      return [];
  }
}

function columnConcerns(column: Tree, table: string): readonly Concern[] {
  const constraints = ((column["constraints"] ?? []) as readonly Tree[]).map((each) => each["Constraint"] as Tree);
  const has = (type: string): Tree | undefined => constraints.find(({ contype }) => contype === type);
  const typeName = JSON.stringify((column["typeName"] as Tree | undefined)?.["names"] ?? []);
  const isSerial = /"(small|big)?serial[248]?"/.test(typeName);
  const fallback = has("CONSTR_DEFAULT");
  if (
    isSerial ||
    has("CONSTR_IDENTITY") !== undefined ||
    has("CONSTR_GENERATED") !== undefined ||
    isVolatile(fallback)
  ) {
    return [
      rewritesTable(
        `a new column of ${table} with a value of its own in each row`,
        "add it without, fill it in batches, then set the default",
      ),
    ];
  }
  if (has("CONSTR_NOTNULL") !== undefined && fallback === undefined) {
    return [
      {
        rule: "not-null-without-default",
        message: `a new column of ${table} that may not be null fails as soon as there are rows`,
        fix: "give it a default, which costs nothing",
      },
    ];
  }
  const isChecked = has("CONSTR_FOREIGN") !== undefined || has("CONSTR_CHECK") !== undefined;
  const hasIndex = has("CONSTR_UNIQUE") !== undefined || has("CONSTR_PRIMARY") !== undefined;
  if (hasIndex) return [indexLocksWrites(table)];
  return isChecked && fallback !== undefined
    ? [scansTable(`a constraint on ${table}`, "add it `not valid`, and validate it in the next migration")]
    : [];
}

function constraintConcerns(constraint: Tree, table: string): readonly Concern[] {
  const type = constraint["contype"] as string;
  if (["CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION"].includes(type)) {
    return constraint["indexname"] === undefined ? [indexLocksWrites(table)] : [];
  }
  const isChecked =
    ["CONSTR_FOREIGN", "CONSTR_CHECK", "CONSTR_NOTNULL"].includes(type) && constraint["skip_validation"] !== true;
  return isChecked
    ? [scansTable(`a constraint on ${table}`, "add it `not valid`, and validate it in the next migration")]
    : [];
}

/** Those that are the same in all rows cost nothing: now(), constants, casts of them. */
function isVolatile(fallback: Tree | undefined): boolean {
  if (fallback === undefined) return false;
  const stable = new Set([
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_setting",
    "to_tsvector",
    "lower",
    "upper",
  ]);
  return !everyNode(fallback, (kind, node) => kind !== "FuncCall" || stable.has(lastName(node)));
}

function lastName(call: Tree): string {
  const names = (call["funcname"] ?? []) as readonly { readonly String?: { readonly sval?: string } }[];
  return names.at(-1)?.String?.sval ?? "";
}

function tableOf(node: Tree): string | undefined {
  const relation = (node["relation"] ?? node["rel"]) as Tree | undefined;
  const name = relation?.["relname"];
  return typeof name === "string" ? name : undefined;
}

const indexLocksWrites = (table: string): Concern => ({
  rule: "index-locks-writes",
  message: `nobody writes to ${table} while the index is built`,
  fix: "write `create [unique] index concurrently`, in a file that begins with `-- tenfold: no transaction`; a constraint then uses it: `add constraint … using index`",
});

const dropLocks: Concern = {
  rule: "drop-index-locks",
  message: "nobody uses the table until everyone who does now is done, and the index is dropped",
  fix: "write `drop index concurrently`, in a file that begins with `-- tenfold: no transaction`",
};

const scansTable = (what: string, fix: string): Concern => ({
  rule: "scan-under-lock",
  message: `${what}: the whole table is read while nobody else may use it`,
  fix,
});

const rewritesTable = (what: string, fix: string): Concern => ({
  rule: "rewrite-under-lock",
  message: `${what}: the table is locked for everyone until it is written anew`,
  fix,
});

const breaksOldCode = (what: string): Concern => ({
  rule: "breaks-running-code",
  message: `${what}: instances of the release before still use the old one while the new one starts`,
  fix: "first release what does without, then migrate",
});

const allRows = (table: string): Concern => ({
  rule: "all-rows",
  message: `every row of ${table} is locked until the migration is done`,
  fix: "go through it in batches, outside of the migration; or say `where true`, if it is small",
});
