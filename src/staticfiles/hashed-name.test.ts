import assert from "node:assert/strict";
import { test } from "node:test";
import { hasContentHash } from "./hashed-name.ts";

const hashed: Readonly<Record<string, readonly string[]>> = {
  webpack: [
    "main.3f9a1c2b.js",
    "main.3f9a1c2b4d5e6f708192.js",
    "runtime~main.8f41ab09.js",
    "453.b3f07a21.chunk.js",
    "main.3f9a1c2b.chunk.css.map",
    "3f9a1c2b4d5e6f708192.woff2",
    "logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg",
  ],
  Vite: ["index-BgT7x_9q.js", "index-DiwrgTda.css", "react-CHdo91hT.svg", "index--a3Kx_9q.js", "index.3f9a1c2b.js"],
  esbuild: ["app-5JQ7W3KX.js", "chunk-VN2UZ4QK.js", "logo-3L2ZK7XO.png", "main-5JQ7W3KX.js.map"],
  Angular: ["main.1a2b3c4d5e6f7081.js", "styles-ANL2CZ7P.css"],
  Next: ["layout-0f1e2d3c4b5a6978.js", "4bd1b696-0f1e2d3c4b5a6978.js", "0f1e2d3c4b5a6978.css"],
  Django: ["base.27e20196a850.js"],
  Sprockets: [`application-${"0f1e2d3c".repeat(8)}.js`, "app.3f9a1c2b.min.js"],
};

for (const [tool, names] of Object.entries(hashed)) {
  test(`names that ${tool} gives hold a hash`, () => {
    for (const name of names) assert.ok(hasContentHash(name), name);
  });
}

const plain: Readonly<Record<string, readonly string[]>> = {
  words: ["main.js", "app.component.js", "index-settings.js", "icon-facebook.svg", "icon-Facebook.svg", "deadbeef.js"],
  "words with capitals": [
    "Inter-SemiBold.woff2",
    "Lato-BoldItalic.ttf",
    "font-OpenSans.woff",
    "theme-DarkBlue.css",
    "vendor-ReactDOM.js",
    "jquery-jQueryUI.js",
    "logo-LinkedIn.png",
    "logo-WhatsApp.svg",
    "case-iPhoneXS.png",
    "logo-Web3Core.png",
    "photo-MacBook1.jpg",
    "sky-NightSky.png",
    "photo-X1-Pro-2.png",
    "LICENSE-CHAPTER2.js",
    "README-FACEBOOK.js",
  ],
  versions: ["jquery-3.7.1.min.js", "lib-v2.10.0.js", "bootstrap.bundle.min.js", "chart.4.4.0.js", "react.18.js"],
  dates: ["report-20240131.json", "photo-2024-01-31.jpg", "IMG_20240131.jpg", "20240131.png", "20240131a.png"],
  numbers: ["photo-12345678.jpg", "frame.00000001.png", "1234567890.js"],
  "sizes in pixels": [
    "favicon-32x32.png",
    "android-chrome-192x192.png",
    "splash-1125x2436.png",
    "clip-1080p60f.mp4",
    "mstile-1920x1080.png",
  ],
  identifiers: ["avatar-3f9a1c2b-4d5e-4f70-8192-a3b4c5d6e7f8.png", "507f1f77bcf86cd799439011.png"],
  "pages and documents": ["index-BgT7x_9q.html", "terms.3f9a1c2b.pdf", "3f9a1c2b.txt", "feed.3f9a1c2b.xml"],
  "hashes elsewhere than at the end": ["3f9a1c2b-notes.js", "3f9a1c2b.d/app.js", "app.3f9a1c2b.en.js"],
  "lengths that no tool cuts at": ["app.3f9a1c2.js", "app.3f9a1c2b4.js", "index-BgT7x_9.js", "index-BgT7x_9qw.js"],
  "no extension": ["3f9a1c2b", "app-5JQ7W3KX"],
};

for (const [what, names] of Object.entries(plain)) {
  test(`${what} are no hash`, () => {
    for (const name of names) assert.ok(!hasContentHash(name), name);
  });
}
