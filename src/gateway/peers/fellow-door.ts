import type { ResolvedGateway } from "../../config/index.ts";
import type { PurgeOrder } from "../cache-port.ts";
import type { DataPlane } from "../data-plane.ts";
import { Listener } from "../listener.ts";
import { fellow } from "../receptions.ts";
import { inodeAt } from "./peer-link.ts";
import { purgePath } from "./peers.ts";
import { PeerServer } from "./peer-server.ts";

export interface FellowDoorOptions {
  /** Of the unix socket. */
  readonly path: string;
  readonly settings: ResolvedGateway;
  readonly plane: DataPlane;
  readonly purge: (order: PurgeOrder) => void;
}

/** Where the other gateway processes of this machine ask for what this one is the owner of, and tell what is to be purged. */
export class FellowDoor {
  /** Where they ask. */
  readonly listener: Listener;
  readonly #path: string;
  readonly #server: PeerServer;
  #inode = 0;
  #forgetPath = (): void => undefined;

  constructor({ path, settings, plane, purge }: FellowDoorOptions) {
    this.#path = path;
    this.listener = new Listener({ host: path, port: 0 }, settings, plane, fellow);
    this.#server = new PeerServer((orders) => orders.forEach(purge));
  }

  /** Another process has taken the place of this one. */
  get isSucceeded(): boolean {
    return inodeAt(purgePath(this.#path)) !== this.#inode;
  }

  async open(): Promise<void> {
    // Who can ask must be reached by purges already.
    await this.#server.listen(purgePath(this.#path));
    this.#inode = inodeAt(purgePath(this.#path));
    this.#forgetPath = await this.listener.listenAt(this.#path);
  }

  close(): void {
    this.#forgetPath();
    this.listener.closeAll();
    this.#server.stop();
  }
}
