/** The clock of this process, which can be turned. Only entries of tests load this file. */
const realNow = Date.now;
let offsetMs = 0;

/** Sets how far the clock of this process is ahead of the machine's, in ms; negative: behind. */
export function turnClock(aheadMs: number): void {
  offsetMs = aheadMs;
}

/** Puts the clock that can be turned in the place of `Date`. The monotonic clock of `performance.now()` stays as it is. */
export function installTurnedClock(): void {
  const now = () => realNow() + offsetMs;
  Date.now = now;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
  });
}
