import assert from "node:assert/strict";
import { test } from "node:test";
import { isNotModified, mayBePartial, readValidators, type Validators } from "./precondition.ts";

const receivedAt = Date.UTC(2026, 10, 21, 12, 0, 5);
const date = "Sat, 21 Nov 2026 12:00:00 GMT";
const modified = "Fri, 20 Nov 2026 12:00:00 GMT";
const later = "Sat, 21 Nov 2026 13:00:00 GMT";
const earlier = "Thu, 19 Nov 2026 12:00:00 GMT";

const stored = (raw: readonly string[], status = 200): Validators => readValidators(status, raw, receivedAt);
const tagged = stored(["ETag", '"a"', "Date", date]);
const weaklyTagged = stored(["ETag", 'W/"a"', "Date", date]);
const dated = stored(["Last-Modified", modified, "Date", date]);
const both = stored(["ETag", '"a"', "Last-Modified", modified, "Date", date]);
const bare = stored(["Date", date]);

const conditions: readonly (readonly [
  isThere: boolean,
  why: string,
  validators: Validators,
  request: readonly string[],
])[] = [
  [false, "no condition", tagged, []],
  [true, "the tag", tagged, ["If-None-Match", '"a"']],
  [false, "another tag", tagged, ["If-None-Match", '"b"']],
  [true, "one tag of several", tagged, ["If-None-Match", '"b", "a"']],
  [true, "one tag of several, in lines", tagged, ["If-None-Match", '"b"', "if-none-match", '"a"']],
  [true, "a weak tag", tagged, ["If-None-Match", 'W/"a"']],
  [true, "a strong tag, where a weak one is stored", weaklyTagged, ["If-None-Match", '"a"']],
  [true, "any", bare, ["If-None-Match", "*"]],
  [false, "a tag, where none is stored", dated, ["If-None-Match", '"a"']],
  [false, "a tag without quotes", tagged, ["If-None-Match", "a"]],
  [false, "a tag in other letters", tagged, ["If-None-Match", '"A"']],
  [true, "a tag with a comma", stored(["ETag", '"a,b"']), ["If-None-Match", '"x", "a,b"']],
  [false, "a part of a tag with a comma", stored(["ETag", '"a"']), ["If-None-Match", '"x,a"']],
  [false, "another tag, whatever the date says", both, ["If-None-Match", '"b"', "If-Modified-Since", later]],
  [true, "the tag, whatever the date says", both, ["If-None-Match", '"a"', "If-Modified-Since", earlier]],
  [true, "the date", dated, ["If-Modified-Since", modified]],
  [true, "a later date", dated, ["If-Modified-Since", later]],
  [false, "an earlier date", dated, ["If-Modified-Since", earlier]],
  [false, "what is no date", dated, ["If-Modified-Since", "yesterday"]],
  [true, "a date behind Date, where no change is dated", bare, ["If-Modified-Since", date]],
  [false, "a date before Date, where no change is dated", bare, ["If-Modified-Since", modified]],
  [false, "a date before it came, where nothing is dated", stored([]), ["If-Modified-Since", date]],
  [true, "a date behind it came, where nothing is dated", stored([]), ["If-Modified-Since", later]],
  [false, "the tag of an error", stored(["ETag", '"a"'], 404), ["If-None-Match", '"a"']],
  [false, "the tag of a redirect", stored(["ETag", '"a"'], 301), ["If-None-Match", '"a"']],
  [false, "a tag that is none, where it is stored", stored(["ETag", "a"]), ["If-None-Match", "a"]],
];

for (const [isThere, why, validators, request] of conditions) {
  test(`${isThere ? "304" : "the whole"}: ${why}`, () => assert.equal(isNotModified(request, validators), isThere));
}

const ranges: readonly (readonly [may: boolean, why: string, validators: Validators, request: readonly string[]])[] = [
  [true, "no condition", tagged, []],
  [true, "the tag", tagged, ["If-Range", '"a"']],
  [false, "another tag", tagged, ["If-Range", '"b"']],
  [false, "a weak tag", weaklyTagged, ["If-Range", 'W/"a"']],
  [false, "the tag, of which a weak one is stored", weaklyTagged, ["If-Range", '"a"']],
  [true, "the date of the change", dated, ["If-Range", modified]],
  [false, "a later date", dated, ["If-Range", later]],
  [
    false,
    "the date of a change in the second in which it was sent",
    stored(["Last-Modified", date, "Date", date]),
    ["If-Range", date],
  ],
  [false, "a date, where nothing says when it was sent", stored(["Last-Modified", modified]), ["If-Range", modified]],
  [false, "what is neither", tagged, ["If-Range", "a"]],
  [false, "no condition, of an error", stored(["ETag", '"a"'], 404), []],
];

for (const [may, why, validators, request] of ranges) {
  test(`${may ? "a part" : "no part"}: ${why}`, () => assert.equal(mayBePartial(request, validators), may));
}
