import type { PurgeOrder, PurgeOutcome } from "./cache-port.ts";
import type { ControlLink } from "./control/control-link.ts";
import { fromReport } from "./control/failure.ts";

/** Resolves when the gateway has confirmed it. @throws GATEWAY_UNRESPONSIVE, GATEWAY_PROCESS_ENDED, GATEWAY_NOT_RUNNING, what kept it from that */
export function askToPurge(link: ControlLink, order: PurgeOrder): Promise<PurgeOutcome> {
  return link.ask(
    (id) => ({ type: "purge", id, order }),
    "confirm a purge",
    (message, id) => {
      if (message.type === "refused" && message.id === id) throw fromReport(message.error);
      return message.type === "purged" && message.id === id ? message.outcome : undefined;
    },
  );
}
