import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";
import { codeOf, messageOf } from "../kernel/index.ts";

/** Where a health check asks. */
export interface ProbeTarget {
  /** `"http://127.0.0.1:4001"`. */
  readonly origin: string;
  /** Not given: that the port accepts a connection is enough. */
  readonly path?: string;
}

export type ProbeResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `"status 503"`, `"no answer within 2000 ms"`. */
      readonly reason: string;
      /** Whether it answered at all. */
      readonly answered: boolean;
    };

const maxBodyBytes = 64 * 1024;

/**
 * Asks once, over a connection of its own: one that was kept could hide that nobody accepts any more. 200 to 399 is well. Never rejects,
 * and takes no longer than `timeoutMs`.
 */
export function probe(target: ProbeTarget, timeoutMs: number, signal?: AbortSignal): Promise<ProbeResult> {
  const url = new URL(target.path ?? "/", target.origin);
  return new Promise((resolve) => {
    const ask = target.path === undefined ? askTcp : askHttp;
    const asked = ask(url, (result) => resolve(result));
    const end = (why: string) => () => {
      resolve({ ok: false, reason: why, answered: false });
      asked.destroy();
    };
    const timer = setTimeout(end(`no answer within ${timeoutMs} ms`), timeoutMs);
    const abort = end("the check was aborted");
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted === true) abort();
    asked.once("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  });
}

type Answered = (result: ProbeResult) => void;

function askTcp(url: URL, answered: Answered) {
  const port = Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port);
  const socket = connect({ host: hostOf(url), port });
  socket.once("connect", () => {
    answered({ ok: true });
    socket.destroy();
  });
  socket.on("error", (error) => answered(refused(error)));
  return socket;
}

function askHttp(url: URL, answered: Answered) {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const headers = { "user-agent": "tenfold-health", accept: "*/*", connection: "close" };
  const request = send(url, { agent: false, headers }, (response) => {
    const status = response.statusCode!;
    const isOk = status >= 200 && status < 400;
    answered(isOk ? { ok: true } : { ok: false, reason: `status ${status}`, answered: true });
    // Read to its end, within bounds: an answer that is cut off looks like an error to the application.
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) request.destroy();
    });
    response.on("error", () => {});
  });
  request.on("error", (error) => answered(refused(error)));
  request.end();
  return request;
}

function refused(error: Error): ProbeResult {
  const reason = codeOf(error) === "ECONNREFUSED" ? "connection refused" : messageOf(error);
  return { ok: false, reason, answered: false };
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}
