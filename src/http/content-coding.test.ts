import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseCoding, contentCodings, readCodingWeights } from "./content-coding.ts";

const choose = (acceptEncoding: string | undefined, available = contentCodings) =>
  chooseCoding(readCodingWeights(acceptEncoding), available);

const cases: readonly (readonly [acceptEncoding: string | undefined, chosen: string | undefined, why: string])[] = [
  [undefined, "identity", "who does not ask gets none"],
  ["", "identity", "an empty field wants none"],
  ["gzip, deflate, br, zstd", "br", "among equals the server's order decides"],
  ["gzip, zstd", "zstd", "of what is accepted, the best"],
  ["gzip;q=1.0, br;q=0.5", "gzip", "the client's weight goes before the server's order"],
  ["br;q=0, gzip", "gzip", "what has no weight is refused"],
  ["br;q=0.000", "identity", "three digits are allowed"],
  ["br;q=0.0001, gzip;q=0.1", "gzip", "four digits are no weight"],
  ["br;q=1.1, gzip;q=0.1", "gzip", "more than one is no weight"],
  ["br;q=x", "identity", "a weight that cannot be read refuses"],
  ["x-gzip", "gzip", "the old name"],
  ["GZIP", "gzip", "names have no case"],
  ["*", "br", "anything: the server's first"],
  ["*;q=0.1, gzip", "gzip", "named goes before the rest"],
  ["*, br;q=0", "zstd", "named is not the rest"],
  ["deflate", "identity", "what is not made here"],
  ["identity", "identity", "asked for none"],
  ["identity, br;q=0.5", "identity", "none is wanted more"],
  ["identity;q=0.2, br;q=0.5", "br", "none is wanted less"],
  ["br;q=0.001", "br", "a coding that was mentioned is wanted more than none that was not"],
  ["identity;q=0", undefined, "none refused, and nothing else accepted"],
  ["identity;q=0, gzip", "gzip", "none refused"],
  ["*;q=0", undefined, "nothing at all"],
  ["*;q=0, identity;q=0.5", "identity", "nothing but none"],
  ["*;q=0, gzip;q=0.1", "gzip", "nothing but one"],
  [" , ;q=1, br ; Q=0.5 ,", "br", "empty elements are none"],
];

for (const [acceptEncoding, chosen, why] of cases) {
  test(`Accept-Encoding ${acceptEncoding === undefined ? "absent" : JSON.stringify(acceptEncoding)}: ${chosen} (${why})`, () => {
    assert.equal(choose(acceptEncoding), chosen);
  });
}

test("only what is available is chosen", () => {
  assert.equal(chooseCoding(readCodingWeights("br, gzip;q=0.1"), ["gzip"]), "gzip");
  assert.equal(chooseCoding(readCodingWeights("br, gzip"), []), "identity");
  assert.equal(chooseCoding(readCodingWeights("identity;q=0, br"), []), undefined);
});
