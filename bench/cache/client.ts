import { type Dispatcher, Pool } from "undici";
import { host } from "../support/site.ts";

export interface Asked {
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** When its head came, as `performance.now()` has it. */
  readonly at: number;
}

/** A few connections that stay open, to ask by hand with: no load. */
export class Client implements AsyncDisposable {
  readonly #pool: Pool;

  constructor(port: number, connections = 1) {
    this.#pool = new Pool(`http://127.0.0.1:${port}`, {
      connections,
      pipelining: 1,
      headersTimeout: 60_000,
      bodyTimeout: 20_000,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 30_000,
    });
  }

  async ask(path: string, { method = "GET", headers = {} }: Asked = {}): Promise<Answer> {
    const {
      statusCode,
      headers: fields,
      body,
    } = await this.#pool.request({ path, method, headers: { host, ...headers } });
    const at = performance.now();
    return { status: statusCode, fields, body: Buffer.from(await body.arrayBuffer()), at };
  }

  /** So many at once, each on a connection of its own. */
  askAtOnce(count: number, path: string, asked: Asked = {}): Promise<Answer[]> {
    return Promise.all(Array.from({ length: count }, () => this.ask(path, asked)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy();
  }
}
