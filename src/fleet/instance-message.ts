import { z } from "zod";
import type { InstanceMessage } from "./instance/protocol.ts";

/** What an instance says is checked like anything from outside: it may be another version, or not ours at all. */

const share = z.number().min(0);
const figures = z.object({
  eventLoopUtilization: share,
  eventLoopDelayP99Ms: share,
  cpu: share,
  rssBytes: share,
  heapUsedBytes: share,
  heapTotalBytes: share,
  gcMs: share,
});

const message: z.ZodType<InstanceMessage> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), instance: z.string().max(200), pid: z.int().positive() }),
  z.object({
    type: z.literal("listening"),
    port: z.int().min(1).max(65_535),
    socketPath: z.string().startsWith("/").max(107),
  }),
  z.object({ type: z.literal("closed") }),
  z.object({ type: z.literal("figures"), figures }),
]);

/** `undefined`: it is no message. */
export function parseInstanceMessage(line: string): InstanceMessage | undefined {
  try {
    return message.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
