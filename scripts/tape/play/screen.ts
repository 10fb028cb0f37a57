/** Where a tape is, on the terminal. */
import { startTimer, type Timer } from '#platform/time/timer.ts';
import type { Progress } from './play.ts';
import type { TraderCounts } from './trader.ts';

/** One line that is renewed in a terminal, and repeated now and then elsewhere. */
export type Screen = {
  show(progress: Progress): void;
  /** Writes the line again, as after a key. */
  renew(): void;
  end(progress: Progress, counts: TraderCounts): void;
};

const everyMs = { terminal: 100, other: 5_000 };
const clearLine = '\r\u001b[K';

/** Writes to `output`. */
export function createScreen(options: {
  output: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
  speed: number;
  isPaused: () => boolean;
}): Screen {
  const { output, speed, isPaused } = options;
  const [before, after] = output.isTTY ? [clearLine, ''] : ['', '\n'];
  let timer: Timer | undefined;
  let last: Progress | undefined;
  const renew = () => {
    if (last !== undefined) output.write(`${before}${lineOf(last, speed)}${isPaused() ? '  paused' : ''}${after}`);
  };
  return {
    renew,
    show(progress) {
      last = progress;
      if (timer !== undefined) return;
      renew();
      timer = startTimer(output.isTTY ? everyMs.terminal : everyMs.other, () => {
        timer = undefined;
      }).unref();
    },
    end(progress, { placed, refused, offTime }) {
      timer?.[Symbol.dispose]();
      const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).join(', ');
      output.write(`${before}${lineOf(progress, speed)}\n`);
      output.write(`${placed} orders, refused: ${reasons || 'none'}; placed at another time: ${offTime}\n`);
    },
  };
}

function lineOf({ timeMs, rows, behindMs, behindMsMax }: Progress, speed: number): string {
  const time = new Date(timeMs).toISOString();
  const pace = Number.isFinite(speed) ? `${speed} times` : 'as fast as it goes';
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return `${time}  ${rows} rows, ${pace}, ${seconds(behindMs)} behind (at most ${seconds(behindMsMax)})`;
}
