/** Pause, step and go on, by keys of a terminal or by flags. */
import { pause } from '#platform/time/pause.ts';

/** Decides when the next group may be played. */
export type Controls = {
  /**
   * Resolves when the next group is to be played: after `waitMs`, or, while paused, at the next step. Returns whether it was paused meanwhile.
   * Resolves at once when the signal aborts.
   */
  next(waitMs: number, signal: AbortSignal): Promise<boolean>;
  readonly isPaused: boolean;
  toggle(): void;
  /** Plays one group; pauses behind it. */
  step(): void;
};

/** Controls that run, or are paused. */
export function createControls({ isPaused = false }: { isPaused?: boolean } = {}): Controls {
  let paused = isPaused;
  let steps = 0;
  let changed = new AbortController();
  const change = () => {
    changed.abort();
    changed = new AbortController();
  };
  return {
    get isPaused() {
      return paused;
    },
    toggle() {
      paused = !paused;
      steps = 0;
      change();
    },
    step() {
      paused = true;
      steps = 1;
      change();
    },
    async next(waitMs, signal) {
      const endMs = performance.now() + waitMs;
      let wasPaused = paused;
      while (!signal.aborted) {
        wasPaused ||= paused;
        if (paused && steps > 0) {
          steps = 0;
          return true;
        }
        const leftMs = paused ? Number.POSITIVE_INFINITY : endMs - performance.now();
        if (leftMs <= 0 || (!paused && wasPaused)) break;
        await pause(leftMs, AbortSignal.any([signal, changed.signal]));
      }
      return wasPaused;
    },
  };
}

const [ctrlC, space, enter, newLine] = ['\u0003', ' ', '\r', '\n'];

/** Reads keys of a terminal until it is disposed: space pauses and goes on, Enter plays one group; Ctrl-C interrupts. */
export function readKeys(
  input: NodeJS.ReadStream,
  actions: Pick<Controls, 'toggle' | 'step'> & { interrupt(): void },
): Disposable {
  if (!input.isTTY) return { [Symbol.dispose]: () => {} };
  const onKey = (keys: string) => {
    for (const key of keys) {
      if (key === space) actions.toggle();
      if (key === enter || key === newLine) actions.step();
      // In raw mode the terminal sends no signal.
      if (key === ctrlC) actions.interrupt();
    }
  };
  input.setRawMode(true).setEncoding('utf8').on('data', onKey).resume();
  return {
    [Symbol.dispose]() {
      input.off('data', onKey).setRawMode(false).pause();
    },
  };
}
