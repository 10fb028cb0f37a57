import { beforeEach, describe, expect, it, vi } from 'vitest';
import { alertText } from './announce.ts';
import { closeNotice, closeNotices, notice, olderCount, showNow } from './notices.ts';

beforeEach(() => {
  vi.useFakeTimers();
  closeNotices();
  return () => void vi.useRealTimers();
});

describe('showNow', () => {
  it('keeps what was not read yet behind what is newer, and says both', () => {
    showNow('Refused: Buy 4 ACME.');
    showNow('Refused: Sell 2 KITE.');
    expect([notice.value, olderCount.value]).toEqual(['Refused: Sell 2 KITE.', 1]);
    vi.runAllTimers();
    expect(alertText.value).toBe('Refused: Buy 4 ACME. Refused: Sell 2 KITE.');
    closeNotice();
    expect([notice.value, olderCount.value]).toEqual(['Refused: Buy 4 ACME.', 0]);
    closeNotice();
    expect(notice.value).toBe('');
  });

  it('has news of the same act in place of what it said before', () => {
    showNow('No answer yet: Buy 4 ACME.', 'a');
    showNow('Refused: Sell 2 KITE.', 'b');
    showNow('It was placed: Buy 4 ACME.', 'a');
    expect([notice.value, olderCount.value]).toEqual(['It was placed: Buy 4 ACME.', 1]);
  });

  it('keeps the newest twenty', () => {
    for (let count = 1; count <= 25; count++) showNow(`Refused: ${count}.`);
    expect([notice.value, olderCount.value]).toEqual(['Refused: 25.', 19]);
    closeNotices();
    expect(notice.value).toBe('');
  });
});
