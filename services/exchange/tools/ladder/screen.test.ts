import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openScreen } from './screen.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('openScreen', () => {
  it('draws in place, the newest lines of a tenth of a second, and gives the terminal back', () => {
    const written: string[] = [];
    const screen = openScreen({ rows: 2, write: (text) => written.push(text) });
    screen.draw(() => ['a']);
    screen.draw(() => ['b']);
    screen.draw(() => ['c', 'd', 'too many']);
    vi.advanceTimersByTime(100);
    vi.advanceTimersByTime(500);
    screen.draw(() => ['e']);
    screen.draw(() => ['f']);
    screen[Symbol.dispose]();
    vi.advanceTimersByTime(500);
    expect(written).toEqual([
      ...['\u001b[?1049h\u001b[?25l', '\u001b[Ha\u001b[K\u001b[J', '\u001b[Hc\u001b[K\r\nd\u001b[K\u001b[J'],
      ...['\u001b[He\u001b[K\u001b[J', '\u001b[?25h\u001b[?1049l'],
    ]);
  });
});
