/**
 * As `setInterval`, but at whole multiples of the time since the epoch: processes of a machine that do so look at the same moments. It keeps no process alive.
 *
 * @returns what ends it
 */
export function everyAligned(ms: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = ms - (Date.now() % ms);
    // A timer may fire a moment too soon.
    timer = setTimeout(tick, left < ms / 4 ? left + ms : left).unref();
  };
  const tick = (): void => {
    wait();
    act();
  };
  wait();
  return () => clearTimeout(timer);
}
