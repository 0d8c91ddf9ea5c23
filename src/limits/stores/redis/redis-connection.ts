import type { RedisClientType } from "@redis/client";
import { codeOf, messageOf } from "../../../kernel/index.ts";
import { limitStoreAway, limitStoreRefused } from "../errors.ts";
import { KeptConnection, type Link } from "../kept-connection.ts";
import { describeRedis, withoutSecrets } from "./redis-address.ts";
import type { Script } from "./scripts.ts";

/**
 * Runs scripts. The client's own reconnection is not used, as it waits without end for a server that takes the connection and
 * does not greet; nor is its queue for the time when there is no connection.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #where: string;
  readonly #kept: KeptConnection<RedisClientType>;
  readonly #loads = new Map<string, Promise<unknown>>();

  /** @throws LIMITS_STORE_ADDRESS */
  constructor(url: string, deadlineMs: number) {
    this.#url = url;
    this.#where = describeRedis(url);
    this.#kept = new KeptConnection({ where: this.#where, deadlineMs, connect: (signal) => this.#connect(signal) });
  }

  get connected(): Promise<void> {
    return this.#kept.connected;
  }

  /** @throws LIMITS_STORE_AWAY at once, LIMITS_STORE_LATE after the deadline, LIMITS_STORE_REFUSED */
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<string> {
    return this.#kept.ask((client) => this.#evaluate(client, script, [String(keys.length), ...keys, ...args]));
  }

  stop(): Promise<void> {
    this.#kept.stop();
    return Promise.resolve();
  }

  #evaluate(client: RedisClientType, script: Script, rest: readonly string[]): Promise<string> {
    const heard = (answer: string): string => {
      this.#kept.heard();
      return answer;
    };
    return evaluate(client, script, rest).then(heard, (error: unknown) => {
      if (!messageOf(error).startsWith("NOSCRIPT")) throw this.#explain(error);
      return this.#load(client, script)
        .then(() => evaluate(client, script, rest))
        .then(heard, (failure: unknown) => Promise.reject(this.#explain(failure)));
    });
  }

  /** Once, however many have found that it is missing. */
  #load(client: RedisClientType, script: Script): Promise<unknown> {
    const load =
      this.#loads.get(script.sha) ??
      client.sendCommand(["SCRIPT", "LOAD", script.text]).finally(() => this.#loads.delete(script.sha));
    this.#loads.set(script.sha, load);
    return load;
  }

  /** The client is loaded by those alone who count in Redis. */
  async #connect(signal: AbortSignal): Promise<Link<RedisClientType>> {
    const { createClient } = await import("@redis/client");
    const client = createClient({
      url: this.#url,
      RESP: 2,
      name: "tenfold-limits",
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxUnanswered,
      maintNotifications: "disabled",
      socket: { reconnectStrategy: false },
    }) as unknown as RedisClientType;
    const close = (): void => client.destroy();
    const lost = new Promise<string>((resolve) => {
      client.on("error", (error) => resolve(withoutSecrets(messageOf(error), this.#url)));
      client.once("end", () => resolve("the connection was closed"));
    });
    signal.addEventListener("abort", close, { once: true });
    const failed = await Promise.race([client.connect().then(() => undefined, messageOf), lost]);
    signal.removeEventListener("abort", close);
    if (failed === undefined && !signal.aborted) return { to: client, lost, close };
    close();
    throw new Error(signal.aborted ? "it does not greet" : withoutSecrets(failed!, this.#url));
  }

  #explain(error: unknown): Error {
    const message = withoutSecrets(messageOf(error), this.#url);
    const isAnswer = codeOf(error) === undefined && /^[A-Z]{2,} /.test(message);
    if (!isAnswer) return limitStoreAway(this.#where, message);
    this.#kept.heard();
    return limitStoreRefused(this.#where, message);
  }
}

const maxUnanswered = 10_000;

function evaluate(client: RedisClientType, script: Script, rest: readonly string[]): Promise<string> {
  return client.sendCommand<string>(["EVALSHA", script.sha, ...rest]);
}
