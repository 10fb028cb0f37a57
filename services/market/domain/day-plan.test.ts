import { describe, expect, it } from 'vitest';
import { type Phase, phaseAt } from './calendar/calendar.ts';
import { alwaysOpen } from './calendar/calendars.ts';
import { parseDate } from './calendar/dates.ts';
import { newYork } from './calendar/new-york.ts';
import { type DayRecord, emptyDay, planDay, repeatedId } from './day-plan.ts';

const friday = parseDate('2026-03-06') as number;
const monday = parseDate('2026-03-09') as number;
const drivenTo = (phase: Phase, day = friday, resumptions = 0): DayRecord => ({
  ...emptyDay,
  driven: { day, resumptions, phase },
  resumptions,
});

function plan(record: DayRecord, time: string, calendar = newYork) {
  return planDay({ symbol: 'A', calendar, record, nowMs: Date.parse(time) });
}

/** All commands until the book is where it should be, when each is carried out at once. */
function allSteps(record: DayRecord, time: string, calendar = newYork): string[] {
  const steps: string[] = [];
  let now = record;
  for (let { next } = plan(now, time, calendar); next !== undefined; { next } = plan(now, time, calendar)) {
    steps.push(next.commandId);
    if (next.phase === 'halted' || steps.length > 9) return steps;
    now = { ...now, driven: { day: next.day, resumptions: next.resumptions, phase: next.phase } };
  }
  return steps;
}

describe('planDay', () => {
  it('brings a book that was never driven straight to the phase of the moment', () => {
    expect(allSteps(emptyDay, '2026-03-06T15:00Z')).toEqual(['day:A:2026-03-06:continuous']);
    expect(allSteps(emptyDay, '2026-03-08T15:00Z')).toEqual(['day:A:2026-03-06:closed']);
  });

  it('takes each phase of a day in its turn', () => {
    expect(allSteps(drivenTo('closed'), '2026-03-09T10:30Z')).toEqual(['day:A:2026-03-09:pre-open']);
    expect(allSteps(drivenTo('pre-open', monday), '2026-03-09T13:28Z')).toEqual(['day:A:2026-03-09:opening-auction']);
    expect(allSteps(drivenTo('opening-auction', monday), '2026-03-09T13:30Z')).toEqual(['day:A:2026-03-09:continuous']);
    expect(allSteps(drivenTo('continuous', monday), '2026-03-09T19:58Z')).toEqual(['day:A:2026-03-09:closing-auction']);
    expect(allSteps(drivenTo('closing-auction', monday), '2026-03-09T20:00Z')).toEqual(['day:A:2026-03-09:closed']);
    expect(plan(drivenTo('closed', monday), '2026-03-09T20:00Z').next).toBeUndefined();
  });

  it('ends a session that ended meanwhile before it goes on, with its closing auction only when that is not long past', () => {
    expect(allSteps(drivenTo('continuous'), '2026-03-06T21:30Z')).toEqual([
      'day:A:2026-03-06:closing-auction',
      'day:A:2026-03-06:closed',
    ]);
    expect(allSteps(drivenTo('continuous'), '2026-03-06T22:30Z')).toEqual(['day:A:2026-03-06:closed']);
    expect(allSteps(drivenTo('closing-auction'), '2026-03-06T22:30Z')).toEqual(['day:A:2026-03-06:closed']);
    expect(allSteps(drivenTo('continuous'), '2026-03-09T15:00Z')).toEqual([
      'day:A:2026-03-06:closed',
      'day:A:2026-03-09:continuous',
    ]);
  });

  it('does not open a session that is over, nor replay what lies between', () => {
    expect(allSteps(drivenTo('pre-open'), '2026-03-06T20:59Z')).toEqual(['day:A:2026-03-06:closing-auction']);
    expect(allSteps(drivenTo('closed'), '2026-04-01T15:00Z')).toEqual(['day:A:2026-04-01:continuous']);
  });

  it('leaves a halted book halted whatever the schedule says, and returns to the schedule when it is resumed', () => {
    const halted = { ...drivenTo('continuous'), haltKey: 'halt-1' };
    for (const time of ['2026-03-06T15:00Z', '2026-03-06T21:00Z', '2026-03-09T15:00Z']) {
      expect(plan(halted, time)).toEqual({
        target: { commandId: 'halt-1', day: friday, resumptions: 0, phase: 'halted' },
        next: undefined,
      });
    }
    const resumed = { ...drivenTo('continuous'), resumptions: 1 };
    expect(allSteps(resumed, '2026-03-06T15:00Z')).toEqual(['day:A:2026-03-06:continuous:1']);
    // No closing auction of a session whose end the halt took in.
    expect(allSteps(resumed, '2026-03-06T21:10Z')).toEqual(['day:A:2026-03-06:closed:1']);
    expect(allSteps(resumed, '2026-03-09T15:00Z')).toEqual([
      'day:A:2026-03-06:closed:1',
      'day:A:2026-03-09:continuous:1',
    ]);
  });

  it('reopens by an auction, which ends at its time or with the session', () => {
    const resumed = { ...drivenTo('continuous'), resumptions: 1, reopenTimeMs: Date.parse('2026-03-06T15:05Z') };
    expect(allSteps(resumed, '2026-03-06T15:00Z')).toEqual(['day:A:2026-03-06:opening-auction:1']);
    const reopening = { ...resumed, ...drivenTo('opening-auction', friday, 1) };
    expect(plan(reopening, '2026-03-06T15:04Z').next).toBeDefined();
    expect(allSteps({ ...reopening, reopenTimeMs: resumed.reopenTimeMs }, '2026-03-06T15:04Z')).toEqual([]);
    expect(allSteps({ ...reopening, reopenTimeMs: resumed.reopenTimeMs }, '2026-03-06T15:05Z')).toEqual([
      'day:A:2026-03-06:continuous:1',
    ]);
    const late = { ...reopening, reopenTimeMs: Date.parse('2026-03-06T21:30Z') };
    expect(allSteps(late, '2026-03-06T20:58Z')).toEqual(['day:A:2026-03-06:closing-auction:1']);
  });

  it('has no day for a market without sessions but the one of a halt and its end', () => {
    const resumed = { ...emptyDay, resumptions: 2 };
    expect(allSteps(resumed, '2026-03-06T15:00Z', alwaysOpen)).toEqual(['day:A:1970-01-01:continuous:2']);
    expect(phaseAt(alwaysOpen, 0).day).toBe(0);
  });

  it('makes ids that the exchange takes, whatever the symbol', () => {
    const symbol = 'ABCDEFGHIJKL';
    const record = { ...emptyDay, resumptions: 2 ** 31 - 1 };
    const { next } = planDay({ symbol, calendar: newYork, record, nowMs: Date.parse('2026-03-06T20:59Z') });
    const ids = [next?.commandId ?? '', repeatedId(symbol, 'closing-auction', 2n ** 63n - 1n)];
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
  });
});
