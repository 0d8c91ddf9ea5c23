/** The next turn of the event loop: everything that was ready to be read or written by now has been. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

export interface Calm {
  /** Turns in which nothing moved. */
  readonly turns: number;
  /** And at least so long: a busy kernel may deliver a loopback packet a moment late. */
  readonly ms: number;
  readonly deadlineMs: number;
}

/**
 * Until nothing has moved for a while. Clients, gateways and origins are in one process, so a byte that was sent is read in the next
 * turn, and what a gateway does with it takes a few turns; when many have passed without a byte, nothing is on its way.
 *
 * @param movements counts everything that moves @returns whether it became calm before the deadline
 */
export async function calm(movements: () => number, { turns: count, ms, deadlineMs }: Calm): Promise<boolean> {
  const startedAt = performance.now();
  let last = movements();
  let since = startedAt;
  let still = 0;
  for (;;) {
    await turn();
    const moved = movements();
    const now = performance.now();
    if (moved !== last) {
      last = moved;
      since = now;
      still = 0;
    } else if (++still >= count && now - since >= ms) return true;
    if (now - startedAt > deadlineMs) return false;
  }
}
