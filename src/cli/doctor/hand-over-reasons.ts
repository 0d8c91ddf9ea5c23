import type { HandOverReason } from "../../gateway/index.ts";

/** What requests are that the fast path leaves to the full one, and what can be done where something can. */
export interface HandOverExplanation {
  readonly what: string;
  readonly fix?: string;
}

const explanations: Readonly<Record<HandOverReason, HandOverExplanation>> = {
  upgrade: { what: "WebSockets and other upgrades, which only the full path carries" },
  "transfer-encoding": {
    what: "bodies whose length is not said beforehand",
    fix: "let the clients send Content-Length: make small bodies whole before sending them, rather than streaming them",
  },
  expect: {
    what: "clients that ask before they send a body (Expect: 100-continue)",
    fix: "switch that off in the clients where bodies are small (curl: `-H 'Expect:'`)",
  },
  "http-version": {
    what: "another version than HTTP/1.1, most often 1.0",
    fix: "let proxies and probes in front speak HTTP/1.1 (nginx: `proxy_http_version 1.1`)",
  },
  connection: {
    what: "a Connection field that says more than keep-alive or close",
    fix: 'let proxies in front leave it out (nginx: `proxy_set_header Connection ""`)',
  },
  "field-bytes": {
    what: "header fields with other bytes than visible ASCII",
    fix: "let the clients encode such values, most often cookies and names (RFC 8187, or percent-encoding)",
  },
  target: {
    what: "targets that are no path of visible ASCII",
    fix: "let the clients percent-encode what they put into paths, and send no whole URL as to a forward proxy",
  },
  method: { what: "methods other than GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS" },
  "request-line": { what: "bytes that no HTTP/1.1 client sends, as of scanners, or of TLS on a plain port" },
  "no-fields": { what: "requests without a Host, which are refused" },
  host: { what: "no Host, several, or one that names no host" },
  "content-length": { what: "a Content-Length that is not one plain number, which is refused" },
  "head-size": { what: "heads longer than allowed", fix: "raise gateway.maxHead where they are wanted" },
  "target-size": {
    what: "targets longer than half of what a head may be",
    fix: "raise gateway.maxHead where they are wanted",
  },
  "body-size": { what: "bodies longer than allowed", fix: "raise gateway.maxBody where they are wanted" },
  path: { what: "paths that can be read in more than one way, which are refused" },
  "slow-head": { what: "heads that came in many small pieces, as from a client that holds connections open" },
  "no-route": { what: "uploads for which there is no route, which are refused" },
};

/** @param reason of a platform that may be of another version */
export function explainHandOver(reason: string): HandOverExplanation {
  const known: Readonly<Record<string, HandOverExplanation>> = explanations;
  return Object.hasOwn(known, reason) ? known[reason]! : { what: "requests that only the full path reads" };
}
