import assert from "node:assert/strict";
import { test } from "node:test";
import { hasKnownExtension, isCompressible, mediaTypeOf } from "./media-type.ts";

const types: readonly (readonly [name: string, type: string, isCompressible: boolean])[] = [
  ["index.html", "text/html; charset=utf-8", true],
  ["INDEX.HTML", "text/html; charset=utf-8", true],
  ["app.js", "text/javascript; charset=utf-8", true],
  ["app.mjs", "text/javascript; charset=utf-8", true],
  ["app.css", "text/css; charset=utf-8", true],
  ["app.js.map", "application/json", true],
  ["data.json", "application/json", true],
  ["app.webmanifest", "application/manifest+json", true],
  ["site.webmanifest", "application/manifest+json", true],
  ["logo.svg", "image/svg+xml", true],
  ["favicon.ico", "image/vnd.microsoft.icon", true],
  ["module.wasm", "application/wasm", true],
  ["font.ttf", "font/ttf", true],
  ["font.woff2", "font/woff2", false],
  ["photo.jpg", "image/jpeg", false],
  ["photo.avif", "image/avif", false],
  ["film.mp4", "video/mp4", false],
  ["paper.pdf", "application/pdf", false],
  ["all.tar.gz", "application/gzip", false],
  ["LICENSE", "application/octet-stream", false],
  ["html", "application/octet-stream", false],
  ["name.unheard-of", "application/octet-stream", false],
  ["apple-app-site-association", "application/json", true],
];

for (const [name, type, compressible] of types) {
  test(`${name} is ${type}, ${compressible ? "which" : "which hardly"} grows smaller`, () => {
    assert.equal(mediaTypeOf(name), type);
    assert.equal(isCompressible(type), compressible);
  });
}

test("an extension is what names a type", () => {
  for (const name of ["app.js", "a.b.png"]) assert.ok(hasKnownExtension(name), name);
  for (const name of ["john.doe", "js", "v1.2", ""]) assert.ok(!hasKnownExtension(name), name);
});
