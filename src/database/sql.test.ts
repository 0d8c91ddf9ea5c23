import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "./sql.ts";

const parts = ({ text, values }: { text: string; values: unknown[] }) => ({ text, values });

test("values become parameters", () => {
  assert.deepEqual(parts(sql`select ${1} + ${"a"}`), { text: "select $1 + $2", values: [1, "a"] });
  assert.deepEqual(parts(sql`select 1`), { text: "select 1", values: [] });
});

test("fragments are spliced in, and their parameters numbered anew", () => {
  const cheap = sql`price < ${10} and name <> '$1' and "$1" is null`;
  const query = sql`select * from t where id = ${7} and ${cheap} and x = ${8}`;
  assert.equal(query.text, `select * from t where id = $1 and price < $2 and name <> '$1' and "$1" is null and x = $3`);
  assert.deepEqual(query.values, [7, 10, 8]);
  assert.equal(sql`a ${sql`b ${1} ${sql`c ${2}`}`} d ${3}`.text, "a b $1 c $2 d $3");
  assert.equal(
    sql`${0} ${sql`$$ $1 $$ -- $1
    ${1} /* $1 */ $tag$ $1 $tag$`}`.text,
    "$1 $$ $1 $$ -- $1\n    $2 /* $1 */ $tag$ $1 $tag$",
  );
});

test("identifiers are quoted, lists joined", () => {
  assert.equal(sql`select ${sql.identifier("a", 'b"c')}`.text, 'select "a"."b""c"');
  assert.deepEqual(parts(sql`id in (${sql.join([1, 2, 3])})`), { text: "id in ($1, $2, $3)", values: [1, 2, 3] });
  assert.deepEqual(parts(sql`where ${sql.join([sql`a = ${1}`, sql`b = ${2}`], " or ")}`), {
    text: "where a = $1 or b = $2",
    values: [1, 2],
  });
  assert.equal(sql`${sql.join([])}`.text, "");
});
