import { startTimer, type Timer } from '#platform/time/timer.ts';

/** The part of a terminal that a screen uses; `process.stdout` is one. */
export type Terminal = {
  rows?: number;
  columns?: number;
  write(text: string): unknown;
};

/** Lines drawn in place on the terminal's alternate screen; disposing it restores the terminal. */
export type Screen = Disposable & {
  /** Draws at once, or a little later if the last drawing was just before; only the newest lines are drawn. */
  draw(lines: () => string[]): void;
};

const drawIntervalMs = 100;
const control = '\u001b[';

/** Switches the terminal to the alternate screen without a cursor. */
export function openScreen(terminal: Terminal): Screen {
  let next: (() => string[]) | undefined;
  let timer: Timer | undefined;
  const flush = () => {
    timer = undefined;
    if (!next) return;
    const lines = next().slice(0, terminal.rows ?? 24);
    next = undefined;
    terminal.write(`${control}H${lines.map((line) => `${line}${control}K`).join('\r\n')}${control}J`);
    timer = startTimer(drawIntervalMs, flush);
  };
  terminal.write(`${control}?1049h${control}?25l`);
  return {
    draw(lines) {
      next = lines;
      if (!timer) flush();
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]();
      terminal.write(`${control}?25h${control}?1049l`);
    },
  };
}
