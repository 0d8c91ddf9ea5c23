import { Agent, request } from "undici";
import type { ExplainedValue } from "../config/index.ts";
import type { LogLine } from "../fleet/index.ts";
import type { GatewayFigures } from "../gateway/index.ts";
import { codeOf, type ErrorDetails, identifyProcess, messageOf, TenfoldError } from "../kernel/index.ts";
import type {
  AdjustmentRequest,
  CacheReport,
  KeptAdjustment,
  LimitsReport,
  OverloadReport,
  PlatformEvent,
  PlatformStatus,
  PurgeReport,
  PurgeRequest,
  ResetRequest,
} from "../platform/index.ts";
import { type Endpoint, readEndpoint } from "./endpoint.ts";
import type { LogQuery } from "./controlled.ts";
import { notRunning, unreachable } from "./errors.ts";

/** How long the platform may take to answer what it knows at once. */
const answerMs = 10_000;

/** A gateway that hangs is waited for, and replaced. */
const changeAnswerMs = 60_000;

/** A gateway that hangs is waited for, in two rounds. */
const purgeAnswerMs = 30_000;

/** Gateways answer at once, or hang. */
const figuresAnswerMs = 3_000;

/** Whoever wants to end a platform that hangs has a signal for it. */
const stopAnswerMs = 3_000;

/** Asks a running platform, over its control API. */
export class ControlClient implements AsyncDisposable {
  readonly #endpoint: Endpoint;
  readonly #agent = new Agent({ headersTimeout: answerMs, bodyTimeout: 0, connect: { timeout: 3_000 } });

  private constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** @throws CONTROL_NOT_RUNNING when no platform runs for the project. */
  static find(root: string, endpointFile: string): ControlClient {
    const endpoint = readEndpoint(endpointFile);
    if (endpoint === undefined || identifyProcess(endpoint.pid) === undefined) throw notRunning(root);
    return new ControlClient(endpoint);
  }

  get url(): string {
    return this.#endpoint.url;
  }

  status(): Promise<PlatformStatus> {
    return this.#call("GET", "/api/status") as Promise<PlatformStatus>;
  }

  explain(): Promise<ExplainedValue[]> {
    return this.#call("GET", "/api/config") as Promise<ExplainedValue[]>;
  }

  /** By gateway, what it has counted since it started; one that does not answer is missing. */
  gatewayFigures(): Promise<Readonly<Record<string, GatewayFigures>>> {
    return this.#call("GET", "/api/gateways") as Promise<Readonly<Record<string, GatewayFigures>>>;
  }

  /** `null`: nothing is cached. */
  cache(): Promise<CacheReport | null> {
    return this.#call("GET", "/api/cache", undefined, {
      headersTimeout: figuresAnswerMs,
    }) as Promise<CacheReport | null>;
  }

  scale(service: string, instances: number): Promise<PlatformStatus> {
    return this.#call("POST", "/api/scale", { service, instances }, unlimited) as Promise<PlatformStatus>;
  }

  reload(service?: string): Promise<PlatformStatus> {
    const body = service === undefined ? {} : { service };
    return this.#call("POST", "/api/reload", body, unlimited) as Promise<PlatformStatus>;
  }

  /** @throws CACHE_PURGE_INVALID, CACHE_PURGE_INCOMPLETE */
  purge(request: PurgeRequest): Promise<PurgeReport> {
    return this.#call("POST", "/api/purge", request, { headersTimeout: purgeAnswerMs }) as Promise<PurgeReport>;
  }

  overload(): Promise<OverloadReport> {
    return this.#call("GET", "/api/overload", undefined, {
      headersTimeout: figuresAnswerMs,
    }) as Promise<OverloadReport>;
  }

  limits(): Promise<LimitsReport> {
    return this.#call("GET", "/api/limits", undefined, { headersTimeout: figuresAnswerMs }) as Promise<LimitsReport>;
  }

  /** @throws LIMIT_CHANGE_UNKNOWN, LIMIT_CHANGE_AMBIGUOUS, LIMIT_CHANGE_INVALID, LIMIT_CHANGE_INCOMPLETE */
  async adjustLimit(request: AdjustmentRequest): Promise<KeptAdjustment> {
    const answer = await this.#call("POST", "/api/limits/adjustments", request, { headersTimeout: changeAnswerMs });
    return (answer as { adjustment: KeptAdjustment }).adjustment;
  }

  /** @returns what was taken back @throws as `adjustLimit` */
  async resetLimits(request: ResetRequest): Promise<readonly KeptAdjustment[]> {
    const path = `/api/limits/adjustments?${search(request)}`;
    const answer = await this.#call("DELETE", path, undefined, { headersTimeout: changeAnswerMs });
    return (answer as { removed: readonly KeptAdjustment[] }).removed;
  }

  async requestStop(): Promise<void> {
    await this.#call("POST", "/api/stop", {}, { headersTimeout: stopAnswerMs });
  }

  logs(query: LogQuery): Promise<LogLine[]> {
    return this.#call("GET", `/api/logs?${search(query)}`) as Promise<LogLine[]>;
  }

  /** Lines as they come, after the last ones; ends with the platform or the signal. */
  followLogs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    return this.#events(`/api/logs?${search({ ...query, follow: true })}`, "line", signal);
  }

  followEvents(signal: AbortSignal): AsyncGenerator<PlatformEvent> {
    return this.#events("/api/events", "event", signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  async #call(method: Method, path: string, body?: unknown, limits: Limits = {}): Promise<unknown> {
    const response = await this.#send(method, path, body, limits);
    const text = await response.body.text();
    const answer: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.statusCode < 400) return answer;
    throw toError(answer, response.statusCode);
  }

  async *#events<T>(path: string, wanted: string, signal: AbortSignal): AsyncGenerator<T> {
    const response = await this.#send("GET", path, undefined, { signal });
    if (response.statusCode >= 400) throw toError(await response.body.json(), response.statusCode);
    let text = "";
    try {
      for await (const chunk of response.body.setEncoding("utf8")) {
        text += chunk as string;
        const messages = text.split("\n\n");
        text = messages.pop()!;
        for (const message of messages) {
          const data = dataOf(message, wanted);
          if (data !== undefined) yield JSON.parse(data) as T;
        }
      }
    } catch (error) {
      // The platform ended, or the caller has enough: both are the end of the stream.
      if (!signal.aborted && !(error instanceof Error && "code" in error)) throw error;
    }
  }

  async #send(method: Method, path: string, body: unknown, limits: Limits) {
    const { url, token } = this.#endpoint;
    try {
      return await request(url + path, {
        method,
        dispatcher: this.#agent,
        ...limits,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      limits.signal?.throwIfAborted();
      const isLate = codeOf(error) === "UND_ERR_HEADERS_TIMEOUT";
      throw unreachable(url, isLate ? "it took the request, and gave no answer in time" : messageOf(error));
    }
  }
}

type Method = "GET" | "POST" | "DELETE";

interface Limits {
  readonly signal?: AbortSignal;
  readonly headersTimeout?: number;
}

/** Instances take as long as they take: the platform has its own limits. */
const unlimited: Limits = { headersTimeout: 0 };

function search(query: object): string {
  const entries = Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]);
  return new URLSearchParams(entries).toString();
}

/** The data of a server-sent event of the wanted type (WHATWG HTML, 9.2.6). */
function dataOf(message: string, wanted: string): string | undefined {
  const lines = message.split("\n");
  if (!lines.includes(`event: ${wanted}`)) return undefined;
  return lines
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    .join("\n");
}

function toError(answer: unknown, status: number): TenfoldError {
  const error = (answer as { error?: { code: string; message: string } & ErrorDetails } | undefined)?.error;
  if (error === undefined) return new TenfoldError("CONTROL_UNREACHABLE", `the control API answered ${status}`);
  return new TenfoldError(error.code, error.message, error);
}
