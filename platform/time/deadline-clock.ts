/**
 * Deadlines of many calls on one timer. A timer for each call costs more than the call's own work there, and nearly none of them ever
 * elapses; here a deadline costs an entry in a set.
 */
import { startTimer, type Timer } from './timer.ts';

/** What has a deadline. */
export type Deadlined = { onDeadline(): void };

// Deadlines of one tick elapse together. Those that are near are exact to 1 ms, the others to 16 ms; none elapses early.
const nearMs = 256;
const coarseTickMs = 16;

/** Deadlines of a process. Its timer does not hold the process. */
export class DeadlineClock {
  readonly #ticks = new Map<number, Set<Deadlined>>();
  #timer: Timer | undefined;
  #armedTimeMs = Number.POSITIVE_INFINITY;

  /**
   * Calls `onDeadline` once after `timeMs`, Unix milliseconds, of which Infinity never comes. Returns what `remove` takes. It is never called
   * from within `add`, also when the time has passed.
   */
  add(timeMs: number, deadlined: Deadlined): number {
    if (timeMs === Number.POSITIVE_INFINITY) return timeMs;
    const nowMs = Date.now();
    const tickMs = timeMs - nowMs < nearMs ? Math.ceil(timeMs) : Math.ceil(timeMs / coarseTickMs) * coarseTickMs;
    let tick = this.#ticks.get(tickMs);
    if (tick === undefined) {
      tick = new Set();
      this.#ticks.set(tickMs, tick);
    }
    tick.add(deadlined);
    if (tickMs < this.#armedTimeMs) this.#arm(tickMs, nowMs);
    return tickMs;
  }

  /** Forgets a deadline; `tickMs` is what `add` returned. */
  remove(tickMs: number, deadlined: Deadlined): void {
    const tick = this.#ticks.get(tickMs);
    if (tick?.delete(deadlined) && tick.size === 0) this.#ticks.delete(tickMs);
  }

  #arm(tickMs: number, nowMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#armedTimeMs = tickMs;
    // A tick whose deadlines are all removed leaves its timer: it finds nothing and is set for the next tick.
    this.#timer = startTimer(Math.max(0, tickMs - nowMs), () => this.#elapse()).unref();
  }

  #elapse(): void {
    this.#armedTimeMs = Number.POSITIVE_INFINITY;
    const nowMs = Date.now();
    const passed = [...this.#ticks].filter(([tickMs]) => tickMs <= nowMs).toSorted(([a], [b]) => a - b);
    for (const [tickMs, tick] of passed) {
      this.#ticks.delete(tickMs);
      for (const deadlined of tick) deadlined.onDeadline();
    }
    const nextMs = this.#ticks.keys().reduce((least, tickMs) => Math.min(least, tickMs), Number.POSITIVE_INFINITY);
    if (nextMs < this.#armedTimeMs) this.#arm(nextMs, Date.now());
  }
}

/** The deadlines of this process. */
export const deadlineClock = new DeadlineClock();
