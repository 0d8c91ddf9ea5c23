/**
 * Replaces instances without ever having fewer: a quarter of them at a time, new ones ready before old ones drain. The next batch
 * begins when the last has ended, so that never more than a quarter runs beside the rest: connections and memory have a bound.
 *
 * When a new instance does not become ready, its batch is removed and the reload ends there. The first batch is the canary: what
 * cannot start fails in it, and everything old stays. Batches that were replaced before stay replaced: they are ready, and the old
 * program may be gone from the disk.
 */
export interface ReloadSteps<T> {
  /** Starts a new instance. */
  create(): T;
  /** Rejects when it does not become ready, or on abort. */
  whenReady(instance: T, signal: AbortSignal): Promise<void>;
  end(instance: T): Promise<void>;
}

export async function rollingReload<T>(old: readonly T[], steps: ReloadSteps<T>, signal: AbortSignal): Promise<void> {
  for (const batch of batchesOf(old)) {
    signal.throwIfAborted();
    const fresh = batch.map(() => steps.create());
    try {
      await Promise.all(fresh.map((each) => steps.whenReady(each, signal)));
    } catch (error) {
      await Promise.all(fresh.map((each) => steps.end(each)));
      throw error;
    }
    await Promise.all(batch.map((each) => steps.end(each)));
  }
}

export function batchesOf<T>(all: readonly T[]): T[][] {
  const size = Math.max(1, Math.ceil(all.length / 4));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
