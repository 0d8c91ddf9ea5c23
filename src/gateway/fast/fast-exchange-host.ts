import type { ResolvedGateway } from "../../config/index.ts";
import type { CacheableRequest } from "../cache-port.ts";
import type { Upstream } from "../upstream.ts";

/** What an exchange needs of the connection that its requests come on. */
export interface FastExchangeHost {
  /** The gateway wants no further request here. */
  readonly isDraining: boolean;
  readonly settings: Pick<ResolvedGateway, "pipelining" | "compression">;
  /** Connection and Keep-Alive of an answer: lines with their CRLF. */
  persistence(isLast: boolean): string;
  /** A head and its body, at once. */
  writeBoth(head: string, body: Buffer): boolean;
  /** To the client. @returns `false`: not all is taken; `onTaken` follows */
  write(data: string | Buffer): boolean;
  pauseReading(): void;
  resumeReading(): void;
  destroy(): void;
  onReleased(upstream: Upstream): void;
  invalidate(change: CacheableRequest, status: number, fields: readonly string[]): Promise<void> | undefined;
  /** Once for each request. */
  onFinished(isLast: boolean): void;
}
