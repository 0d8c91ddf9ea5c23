/** The life that everything which runs has. Stopping twice, or before starting, is fine. */
export interface Runnable extends AsyncDisposable {
  start(signal?: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Runs all, in order, even when some fail; then throws the first failure. For releasing several resources. */
export async function runAll(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
