import type { RedisClientType } from "@redis/client";
import { setTimeout as delay } from "node:timers/promises";
import { backoffMs, codeOf, messageOf, withDeadline } from "../../../kernel/index.ts";
import { limitStoreAway, limitStoreLate, limitStoreRefused } from "../errors.ts";
import type { Script } from "./script.ts";
import { describeRedis } from "./redis-address.ts";

/**
 * One connection, which is made in the background and made again whenever it is lost: nobody waits for it. What is asked while there is
 * none fails at once; what is not answered in time fails then. A server that accepts connections and answers nothing (it hangs, or is
 * paused, or the network has lost it) is connected to anew, since its old connection may never say that it is gone.
 *
 * The client's own reconnection is not used: it waits without end for a server that accepts and does not greet.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #where: string;
  readonly #deadlineMs: number;
  readonly #stopping = new AbortController();
  readonly #loads = new WeakMap<RedisClientType, Map<string, Promise<unknown>>>();
  #client: RedisClientType | undefined;
  #whyAway = "not connected yet";
  /** Of the oldest question since which nothing was heard. */
  #unheardSince: number | undefined;

  constructor(url: string, deadlineMs: number) {
    this.#where = describeRedis(url);
    this.#url = url;
    this.#deadlineMs = deadlineMs;
    void this.#keepConnected();
  }

  /** @throws LIMIT_STORE_AWAY at once, LIMIT_STORE_LATE after the deadline, LIMIT_STORE_REFUSED */
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<string> {
    const client = this.#client;
    if (client === undefined) return Promise.reject(limitStoreAway(this.#where, this.#whyAway));
    this.#unheardSince ??= performance.now();
    return withDeadline(this.#evaluate(client, script, [String(keys.length), ...keys, ...args]), this.#deadlineMs, () => {
      this.#giveUpSilent(client);
      return limitStoreLate(this.#where, this.#deadlineMs);
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#lose(this.#client, "this process ends");
  }

  async #evaluate(client: RedisClientType, script: Script, rest: readonly string[]): Promise<string> {
    try {
      return await client.sendCommand<string>(["EVALSHA", script.sha, ...rest]).catch(async (error: unknown) => {
        if (!messageOf(error).startsWith("NOSCRIPT")) throw error;
        await this.#load(client, script);
        return client.sendCommand<string>(["EVALSHA", script.sha, ...rest]);
      });
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#unheardSince = undefined;
    }
  }

  /** Once, however many have found that it is missing. */
  #load(client: RedisClientType, script: Script): Promise<unknown> {
    const loads = this.#loads.get(client) ?? new Map<string, Promise<unknown>>();
    this.#loads.set(client, loads);
    const load =
      loads.get(script.sha) ??
      client.sendCommand(["SCRIPT", "LOAD", script.text]).finally(() => loads.delete(script.sha));
    loads.set(script.sha, load);
    return load;
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 1; !signal.aborted; attempt++) {
      if (await this.#connect()) attempt = 0;
      else await delay(backoffMs(attempt, { baseMs: 50, maxMs: 2_000 }), undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns when the connection is lost, or could not be made: whether there was one */
  async #connect(): Promise<boolean> {
    let client: RedisClientType | undefined;
    try {
      const { createClient } = await import("@redis/client");
      const made = createClient({
        url: this.#url,
        RESP: 2,
        name: "tenfold-limits",
        disableOfflineQueue: true,
        commandsQueueMaxLength: 10_000,
        maintNotifications: "disabled",
        socket: { reconnectStrategy: false, connectTimeout: connectWithinMs },
      }) as unknown as RedisClientType;
      client = made;
      const lost = new Promise<string>((resolve) => {
        made.on("error", (error) => resolve(messageOf(error)));
        made.once("end", () => resolve("the connection was closed"));
      });
      await withDeadline(made.connect(), connectWithinMs, () => new Error("it does not greet"));
      if (this.#stopping.signal.aborted) return false;
      this.#unheardSince = undefined;
      this.#client = made;
      const why = await lost;
      this.#lose(made, why);
      return true;
    } catch (error) {
      this.#whyAway = withoutSecrets(messageOf(error), this.#url);
      return false;
    } finally {
      client?.destroy();
    }
  }

  #giveUpSilent(client: RedisClientType): void {
    const since = this.#unheardSince;
    if (since === undefined || performance.now() - since < silentAfterMs) return;
    this.#lose(client, "it has stopped answering");
  }

  #lose(client: RedisClientType | undefined, why: string): void {
    if (client === undefined || this.#client !== client) return;
    this.#client = undefined;
    this.#whyAway = withoutSecrets(why, this.#url);
    client.destroy();
  }

  #explain(error: unknown): Error {
    const message = withoutSecrets(messageOf(error), this.#url);
    const isAnswer = codeOf(error) === undefined && /^[A-Z]{2,} /.test(message);
    return isAnswer ? limitStoreRefused(this.#where, message) : limitStoreAway(this.#where, message);
  }
}

const connectWithinMs = 2_000;
/** Several deadlines, and more than a slow moment. */
const silentAfterMs = 1_000;

/** Old servers repeat what they do not understand, such as a greeting with a password. */
function withoutSecrets(message: string, url: string): string {
  const { password = "" } = URL.parse(url) ?? {};
  const said = message.split(/,? with args/, 1)[0]!;
  return [password, decoded(password)].filter((secret) => secret !== "").reduce((text, secret) => text.replaceAll(secret, "…"), said);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
