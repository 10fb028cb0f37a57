import { describe, expect, it } from 'vitest';
import { fingerprintOf, firstRun, type PriceTrigger, type Rule, setEnabled } from './rule.ts';
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
  hasBegun: false,
};
const priceTrigger: PriceTrigger = { symbol: 'ACME', direction: 'at-or-above', priceMicros: 200_000_000n };
const waiting: Rule = { ...schedule, trigger: { type: 'price', ...priceTrigger }, nextRunTimeMs: undefined };

describe('setEnabled', () => {
  it('does not make up for a pause: the next run is after the resumption', () => {
    const paused = setEnabled(schedule, false, at);
    expect(paused).toMatchObject({ state: 'paused', nextRunTimeMs: undefined });
    expect(setEnabled(paused as Rule, true, at)).toMatchObject({
      state: 'enabled',
      nextRunTimeMs: nowMs + 3_600_000,
    });
  });

  it('changes nothing when the rule is in that state already', () => {
    expect(setEnabled(schedule, true, at)).toBe(schedule);
    const done: Rule = { ...waiting, state: 'done' };
    expect(setEnabled(done, false, at)).toBe(done);
  });

  it('lets what runs once wait for its time again, unless it has begun', () => {
    const once: Rule = {
      ...schedule,
      trigger: { type: 'once', startMs: nowMs + 5 },
      state: 'paused',
      nextRunTimeMs: undefined,
    };
    expect(setEnabled(once, true, at)).toMatchObject({ state: 'enabled', nextRunTimeMs: nowMs + 5 });
    expect(setEnabled({ ...once, hasBegun: true }, true, at)).toMatchObject({
      state: 'enabled',
      nextRunTimeMs: undefined,
    });
  });

  it('does not resume what has fired or was deleted', () => {
    expect(setEnabled({ ...waiting, state: 'done' }, true, at)).toBeUndefined();
    expect(setEnabled({ ...waiting, state: 'deleted' }, true, at)).toBeUndefined();
  });
});

describe('firstRun', () => {
  it('is a time of the schedule; price triggers have none', () => {
    expect(firstRun(schedule, calendar, nowMs)).toBe(nowMs + 3_600_000);
    expect(firstRun(waiting, calendar, nowMs)).toBeUndefined();
    expect(firstRun({ ...schedule, trigger: { type: 'once', startMs: 7 } }, calendar, nowMs)).toBe(7);
    expect(firstRun({ ...schedule, trigger: { type: 'once', startMs: undefined } }, calendar, nowMs)).toBe(nowMs);
  });
});

describe('fingerprintOf', () => {
  it('differs when the terms do', () => {
    expect(fingerprintOf(waiting)).toBe(fingerprintOf({ ...waiting }));
    expect(fingerprintOf(waiting)).not.toBe(fingerprintOf({ ...waiting, name: 'other' }));
    const other: Rule = { ...waiting, trigger: { type: 'price', ...priceTrigger, priceMicros: 1n } };
    expect(fingerprintOf(waiting)).not.toBe(fingerprintOf(other));
  });

  it('stays the text that earlier releases have stored', () => {
    expect(fingerprintOf(waiting)).toBe(
      '["hourly",{"type":"condition","symbol":"ACME","direction":"at-or-above","priceMicros":"200000000"},{"type":"alert","note":""}]',
    );
  });
});
