import { fromReport } from "./control/failure.ts";
import type { PurgeOrder, PurgeOutcome } from "./cache-port.ts";
import { ControlLink } from "./control/control-link.ts";
import type { GatewayAddress } from "./gateway.ts";
import type { LaunchOrder } from "./launch.ts";
import { askToPurge } from "./purging.ts";

/** A gateway whose place another one can take. */
export interface Predecessor {
  /** Starts the successor, with its listening sockets, and goes on serving. Returns the new process. */
  launchSuccessor(order: LaunchOrder): Promise<number>;
}

/** @throws GATEWAY_ENDING, GATEWAY_SUCCESSOR_FAILED, GATEWAY_UNRESPONSIVE, GATEWAY_PROCESS_ENDED */
export function askForSuccessor(link: ControlLink, order: LaunchOrder): Promise<number> {
  return link.ask(
    (id) => ({ type: "succeed", id, order }),
    "start a successor",
    (message, id) => {
      if (message.type === "refused" && message.id === id) throw fromReport(message.error);
      return message.type === "succeeded" && message.id === id ? message.pid : undefined;
    },
  );
}

/** A gateway that another platform has left. As long as this one is connected to it, it serves on. */
export class OrphanedGateway implements Predecessor {
  readonly addresses: readonly GatewayAddress[];
  readonly #link: ControlLink;

  private constructor(link: ControlLink, addresses: readonly GatewayAddress[]) {
    this.#link = link;
    this.addresses = addresses;
  }

  /** @returns `undefined`: nobody answers there, or in no way that this version knows */
  static async find(controlPath: string, replyMs = 5_000): Promise<OrphanedGateway | undefined> {
    try {
      const { link, hello } = await ControlLink.open(controlPath, replyMs);
      return new OrphanedGateway(link, hello.addresses);
    } catch {
      return undefined;
    }
  }

  launchSuccessor(order: LaunchOrder): Promise<number> {
    return askForSuccessor(this.#link, order);
  }

  /** It serves its last requests. @throws as `askToPurge`; also when it has ended */
  purge(order: PurgeOrder): Promise<PurgeOutcome> {
    return askToPurge(this.#link, order);
  }

  /** Lets it be: it is an orphan again. */
  release(): void {
    this.#link.close();
  }
}
