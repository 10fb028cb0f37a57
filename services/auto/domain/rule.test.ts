import { describe, expect, it } from 'vitest';
import { type Condition, fingerprintOf, firstRun, isMet, type Rule, setEnabled } from './rule.ts';
import type { Calendar } from './schedule.ts';

const nowMs = Date.parse('2026-01-01T00:00:00Z');
const hourMs = 3_600_000;
const calendar: Calendar = {
  nextRunAfter: (_schedule, timeMs) => (Math.floor(timeMs / hourMs) + 1) * hourMs,
  lastRunUntil: (_schedule, timeMs) => Math.floor(timeMs / hourMs) * hourMs,
};
const at = { calendar, nowMs };
const schedule: Rule = {
  ruleId: 'r',
  accountId: 'a',
  name: 'hourly',
  trigger: { type: 'schedule', cron: '0 * * * *', timeZone: 'UTC' },
  action: { type: 'alert', note: '' },
  state: 'enabled',
  nextRunTimeMs: nowMs - 3_600_000,
  createTimeMs: 0,
};
const condition: Condition = { symbol: 'ACME', direction: 'at-or-above', priceMicros: 200_000_000n };
const waiting: Rule = { ...schedule, trigger: { type: 'condition', ...condition }, nextRunTimeMs: undefined };

describe('setEnabled', () => {
  it('makes nothing up for a pause: the next run lies after the resumption', () => {
    const paused = setEnabled(schedule, false, at);
    expect(paused).toMatchObject({ state: 'paused', nextRunTimeMs: undefined });
    expect(setEnabled(paused as Rule, true, at)).toMatchObject({
      state: 'enabled',
      nextRunTimeMs: nowMs + 3_600_000,
    });
  });

  it('changes nothing when it stands so already', () => {
    expect(setEnabled(schedule, true, at)).toBe(schedule);
    const done: Rule = { ...waiting, state: 'done' };
    expect(setEnabled(done, false, at)).toBe(done);
  });

  it('does not resume what came true or was ended', () => {
    expect(setEnabled({ ...waiting, state: 'done' }, true, at)).toBeUndefined();
    expect(setEnabled({ ...waiting, state: 'deleted' }, true, at)).toBeUndefined();
  });
});

describe('firstRun', () => {
  it('is a time of the schedule; conditions have none', () => {
    expect(firstRun(schedule, calendar, nowMs)).toBe(nowMs + 3_600_000);
    expect(firstRun(waiting, calendar, nowMs)).toBeUndefined();
  });
});

describe('isMet', () => {
  it('holds at the threshold and beyond', () => {
    expect([199_999_999n, 200_000_000n, 200_000_001n].map((price) => isMet(condition, price))).toEqual([
      false,
      true,
      true,
    ]);
    const below: Condition = { ...condition, direction: 'at-or-below' };
    expect([199_999_999n, 200_000_000n, 200_000_001n].map((price) => isMet(below, price))).toEqual([true, true, false]);
  });
});

describe('fingerprintOf', () => {
  it('differs when the terms do', () => {
    expect(fingerprintOf(waiting)).toBe(fingerprintOf({ ...waiting }));
    expect(fingerprintOf(waiting)).not.toBe(fingerprintOf({ ...waiting, name: 'other' }));
    const other: Rule = { ...waiting, trigger: { type: 'condition', ...condition, priceMicros: 1n } };
    expect(fingerprintOf(waiting)).not.toBe(fingerprintOf(other));
  });
});
