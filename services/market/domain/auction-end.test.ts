import { describe, expect, it } from 'vitest';
import { auctionEndOf } from './auction-end.ts';
import { alwaysOpen } from './calendar/calendars.ts';
import { newYork } from './calendar/new-york.ts';
import { emptyDay } from './day-plan.ts';

const ms = (time: string) => Date.parse(`2026-03-06T${time}Z`);

function endAt(
  time: string,
  options: { phase?: 'opening-auction' | 'closing-auction'; reopen?: string; calendar?: typeof newYork } = {},
) {
  const { phase = 'opening-auction', reopen, calendar = newYork } = options;
  const record = { ...emptyDay, reopenTimeMs: reopen === undefined ? undefined : ms(reopen) };
  const endMs = auctionEndOf({ symbol: 'A', calendar, record, nowMs: ms(time) }, phase);
  return endMs === undefined ? undefined : new Date(endMs).toISOString().slice(11, 19);
}

describe('auctionEndOf', () => {
  it("is the calendar's next phase, to the instant", () => {
    expect(endAt('14:28')).toBe('14:30:00');
    expect(endAt('14:29:59.999')).toBe('14:30:00');
    expect(endAt('20:58', { phase: 'closing-auction' })).toBe('21:00:00');
  });

  it('is what an operator asked for, and an end that is over counts no more', () => {
    expect(endAt('15:00', { reopen: '15:05' })).toBe('15:05:00');
    expect(endAt('15:05', { reopen: '15:05' })).toBeUndefined();
    expect(endAt('14:28', { reopen: '14:10' })).toBe('14:30:00');
    expect(endAt('03:00', { reopen: '03:10', calendar: alwaysOpen })).toBe('03:10:00');
  });

  it('is the change of the calendar where that comes first, or where it only prolongs the auction', () => {
    expect(endAt('20:55', { reopen: '21:30' })).toBe('20:58:00');
    expect(endAt('14:29', { reopen: '14:35' })).toBe('14:35:00');
    expect(endAt('14:29', { reopen: '21:30' })).toBe('20:58:00');
  });

  it('is none in a phase that is not the one of the day', () => {
    expect(endAt('15:00')).toBeUndefined();
    expect(endAt('20:58')).toBeUndefined();
    expect(endAt('21:30', { phase: 'closing-auction' })).toBeUndefined();
    expect(
      auctionEndOf({ symbol: 'A', calendar: newYork, record: emptyDay, nowMs: ms('15:00') }, 'continuous'),
    ).toBeUndefined();
    expect(
      auctionEndOf({ symbol: 'A', calendar: newYork, record: emptyDay, nowMs: ms('15:00') }, undefined),
    ).toBeUndefined();
  });
});
