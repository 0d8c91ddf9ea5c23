import type { DataPlane } from "../data-plane.ts";
import type { ClientWriter } from "./client-writer.ts";

/** What an exchange needs of the connection that its requests come on. */
export interface FastExchangeHost {
  readonly plane: Pick<DataPlane, "isDraining" | "snapshot" | "mayShare" | "onReleased" | "invalidate">;
  /** To the client. When not all is taken, `onTaken` follows. */
  readonly writer: ClientWriter;
  /** What every answer says of limits and of the connection: lines with their CRLF. */
  ownLines(isLast: boolean): string;
  pauseReading(): void;
  resumeReading(): void;
  /** What has come meanwhile may be the body's. */
  offerWaiting(): void;
  destroy(): void;
  /** Once for each request. */
  onFinished(isLast: boolean): void;
}
