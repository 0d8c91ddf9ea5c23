/** Why the gateway's fast path gives a connection to the full one: in words, and what can be done where something can. */
export interface HandOverReason {
  /** What such requests are. */
  readonly what: string;
  readonly fix?: string;
}

const reasons: Readonly<Record<string, HandOverReason>> = {
  "transfer-encoding": {
    what: "bodies whose length is not said beforehand",
    fix: "let the clients send Content-Length: make small bodies whole before sending them, rather than streaming them",
  },
  upgrade: { what: "WebSockets and other upgrades, which only the full path carries" },
  expect: {
    what: "clients that ask before they send a body (Expect: 100-continue)",
    fix: "switch that off in the clients where bodies are small (curl: `-H 'Expect:'`)",
  },
  "http-1.0": {
    what: "clients that speak HTTP/1.0",
    fix: "let proxies and probes in front speak HTTP/1.1 (nginx: `proxy_http_version 1.1`)",
  },
  "field-bytes": {
    what: "header fields with other bytes than visible ASCII",
    fix: "let the clients encode such values, most often cookies and names (RFC 8187, or percent-encoding)",
  },
};

export function handOverReason(name: string): HandOverReason {
  return Object.hasOwn(reasons, name) ? reasons[name]! : { what: "requests that only the full path reads" };
}
