/** The gateways, as the fleet sees them: who must have let go of an instance before it may end. */
export interface Rotation {
  /**
   * Resolves when no gateway sends to the instance any more and the requests in flight to it have ended, or after `deadlineMs`. Called
   * when the instance already shows as draining.
   */
  leave(instance: string, deadlineMs: number): Promise<void>;
}

/** For a fleet without a gateway. */
export const noRotation: Rotation = { leave: () => Promise.resolve() };
