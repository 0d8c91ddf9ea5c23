import type { ServerResponse } from "node:http";

const heartbeatMs = 15_000;
/** What may wait for one reader beyond what it is sent at first. */
const maxWaitingBytes = 4 * 1024 * 1024;

export interface EventFeed<T> {
  /** The events' type. */
  readonly type: string;
  /** Sent at once. */
  readonly first: readonly T[];
  /** Begins to tell what comes; returns how to end that. */
  readonly subscribe: (listener: (item: T) => void) => () => void;
}

/**
 * Answers with server-sent events (WHATWG HTML, 9.2) until the reader goes. Written to the response itself, since only that knows how much
 * waits: a reader that does not keep up is cut off, rather than kept up with in this process's memory.
 */
export function sendEvents<T>(response: ServerResponse, { type, first, subscribe }: EventFeed<T>): void {
  const write = (event: string, data: unknown): boolean =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  for (const item of first) write(type, item);

  const limit = response.writableLength + maxWaitingBytes;
  const send = (event: string, data: unknown): void => {
    if (!response.destroyed && !write(event, data) && response.writableLength > limit) response.destroy();
  };
  const unsubscribe = subscribe((item) => send(type, item));
  const heartbeat = setInterval(() => send("heartbeat", {}), heartbeatMs);
  const end = (): void => {
    clearInterval(heartbeat);
    unsubscribe();
  };
  if (response.destroyed) end();
  else response.once("close", end);
}
