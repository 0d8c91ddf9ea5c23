import type { Fault } from "./fields.ts";

/** What is wrong with the URL of an upstream: it is an origin, for the path of a request is the client's. */
export function upstreamFault(text: string): Fault | undefined {
  const url = text.includes("://") ? URL.parse(text) : null;
  if (url === null || url.hostname === "") {
    const guess = `http://${text.replace(/^([a-z]+:\/\/|\/+)/i, "")}`;
    return { expected: "http://host:port", ...(URL.canParse(guess) ? { hint: `write "${guess}"` } : {}) };
  }
  const origin = `${url.protocol}//${url.host}`;
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { expected: "http:// or https:// as its scheme", hint: `write "http://${url.host || url.pathname}"` };
  }
  if (url.username !== "" || url.password !== "")
    return { expected: "no user and password", hint: `write "${origin}"` };
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return { expected: "no path: a request's own path is kept", hint: `write "${origin}"` };
  }
  return undefined;
}
