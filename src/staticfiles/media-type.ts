import mime from "mime";

/** Files that are known by their whole names: Apple and Google ask for these, and want them as JSON. */
const byName: Readonly<Record<string, string>> = {
  "apple-app-site-association": "application/json",
  "site.webmanifest": "application/manifest+json",
};

/** What is not `text/…` and yet grows smaller: text under another name, and formats that are not compressed themselves. */
const compressible: ReadonlySet<string> = new Set([
  "application/json",
  "application/javascript",
  "application/xml",
  "application/xml-dtd",
  "application/wasm",
  "application/toml",
  "application/rtf",
  "application/x-ndjson",
  "application/vnd.apple.mpegurl",
  "application/vnd.ms-fontobject",
  "font/otf",
  "font/ttf",
  "font/collection",
  "image/bmp",
  "image/vnd.microsoft.icon",
  "image/x-icon",
  "model/gltf-binary",
  "model/obj",
  "model/stl",
]);

/**
 * What a file is, by its name. Text is taken to be UTF-8, as everything that tools write today: without a word on it browsers would guess.
 * What is not known is bytes, and together with `nosniff` never run.
 */
export function mediaTypeOf(fileName: string): string {
  const type = byName[fileName] ?? (hasKnownExtension(fileName) ? mime.getType(fileName)! : "application/octet-stream");
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}

/** `app.js` has one, `john.doe` has not. */
export function hasKnownExtension(fileName: string): boolean {
  return fileName.includes(".") && mime.getType(fileName) !== null;
}

/** @param mediaType with or without parameters */
export function isCompressible(mediaType: string): boolean {
  const type = mediaType.split(";", 1)[0]!;
  return type.startsWith("text/") || /\+(?:json|xml|text)$/.test(type) || compressible.has(type);
}
