import { describe, expect, it } from 'vitest';
import { cronOf, cronWords, dayChoices, nextRunMs } from './schedule-words.ts';

const newYork = { name: 'America/New_York', label: 'New York' };
// A Sunday.
const now = Date.UTC(2026, 10, 29, 20, 0);

describe('cronWords', () => {
  it('says each schedule that the form makes', () => {
    for (const { value, text } of dayChoices) expect(cronWords(cronOf(value, '09:05') ?? '')).toBe(`${text} 09:05`);
    expect(cronWords('*/5 * * * *')).toBe('At the times */5 * * * *');
  });
});

describe('cronOf', () => {
  it('is none of what is no time', () => {
    for (const time of ['', '9:45', '24:00', '12:60']) expect(cronOf('daily', time)).toBeUndefined();
  });
});

describe('nextRunMs', () => {
  it('is the next day on which it runs, at the time of the zone', () => {
    expect(nextRunMs('45 9 * * 1', newYork, now)).toBe(Date.UTC(2026, 10, 30, 14, 45));
    expect(nextRunMs('45 9 * * 0', newYork, now)).toBe(Date.UTC(2026, 11, 6, 14, 45));
    expect(nextRunMs('0 9 1 * *', newYork, now)).toBe(Date.UTC(2026, 11, 1, 14));
    expect(nextRunMs('0 16 * * *', newYork, now)).toBe(Date.UTC(2026, 10, 29, 21));
  });

  it('keeps to the clock of the zone when that changes', () => {
    expect(nextRunMs('0 9 * * *', newYork, Date.UTC(2026, 2, 7, 20))).toBe(Date.UTC(2026, 2, 8, 13));
  });

  it('is unknown for a text of another form', () => expect(nextRunMs('*/5 * * * *', newYork, now)).toBeUndefined());
});
