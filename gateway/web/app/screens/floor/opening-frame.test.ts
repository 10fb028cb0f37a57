import { describe, expect, it } from 'vitest';
import { openingFrame } from './opening-frame.ts';

const chosen = (minutes: number, seconds: number) =>
  openingFrame(async (frame) => (frame === '1m' ? minutes : seconds));

describe('openingFrame', () => {
  it('has minutes where there are enough of them', async () => {
    expect(await chosen(20, 20)).toBe('1m');
    const asked: string[] = [];
    await openingFrame(async (frame) => asked.push(frame) * 20);
    expect(asked).toEqual(['1m']);
  });

  it('has seconds in a system that began minutes ago, unless there are no more of them', async () => {
    expect(await chosen(1, 20)).toBe('1s');
    expect(await chosen(0, 3)).toBe('1s');
    expect(await chosen(3, 3)).toBe('1m');
    expect(await chosen(0, 0)).toBe('1m');
  });
});
