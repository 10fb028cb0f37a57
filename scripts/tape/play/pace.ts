/** When a time of the tape is due, and the wait for it. */

/** Times of the tape are Unix ms, those of the machine ms of a monotonic clock. */
export type Pace = {
  /** Begins anew: this time of the tape is due now. */
  anchor(timeMs: number): void;
  /** How long until a time of the tape is due; negative: how long ago it was. */
  leftMs(timeMs: number): number;
};

/** `speed` ms of the tape pass in each ms of the machine; Infinity: all is due at once. */
export function createPace(speed: number, nowMs: () => number = () => performance.now()): Pace {
  let [tapeMs, machineMs] = [0, 0];
  return {
    anchor(timeMs) {
      [tapeMs, machineMs] = [timeMs, nowMs()];
    },
    // Without a speed nothing is ever late.
    leftMs: (timeMs) => (Number.isFinite(speed) ? machineMs + (timeMs - tapeMs) / speed - nowMs() : 0),
  };
}
