import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '#platform/telemetry/logger.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { fixedClock, openClock } from './clock.ts';
import { readClockFile, writeClockFile } from './clock-file.ts';
import {
  ClockChangeError,
  type ClockRuns,
  changeRuns,
  elapsedSince,
  isStill,
  machineRuns,
  runsBegun,
  runsUntil,
  timeAt,
  waitUntil,
} from './clock-runs.ts';

const hourMs = 3_600_000;
const startMs = Date.parse('2026-03-06T14:29Z');
/** From 1,000 on a clock that is an hour a second, from 3,000 on it stands still, from 5,000 on it passes as fast as the machine's. */
const runs: ClockRuns = [
  { fromMs: 1_000, timeMs: startMs, speed: 3_600 },
  { fromMs: 3_000, timeMs: startMs + 2 * hourMs, speed: 0 },
  { fromMs: 5_000, timeMs: startMs + 5 * hourMs, speed: 1 },
];

describe('timeAt', () => {
  it('is the machine’s own time when the clock was never set', () => {
    for (const timeMs of [0, 1_234.5, startMs]) expect(timeAt(machineRuns, timeMs)).toBe(Math.floor(timeMs));
  });

  it('passes at the speed of each run, stands still at 0, and never goes back', () => {
    const shown = [0, 1_000, 2_000, 2_999, 3_000, 4_999, 5_000, 5_001].map(
      (machineMs) => timeAt(runs, machineMs) - startMs,
    );
    const hour = shown.map((ms) => ms / hourMs);
    expect(hour.slice(0, 3)).toEqual([-1, 0, 1]);
    expect(hour.slice(4, 7)).toEqual([2, 2, 5]);
    expect(shown.at(-1)).toBe(5 * hourMs + 1);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  });
});

describe('waitUntil, elapsedSince', () => {
  it('agree with the clock for any times and runs', () => {
    for (let machineMs = 0; machineMs < 6_000; machineMs += 37) {
      for (let timeMs = startMs - hourMs; timeMs < startMs + 6 * hourMs; timeMs += 1_111_111) {
        const waitMs = waitUntil(runs, timeMs, machineMs);
        expect(timeAt(runs, machineMs + waitMs)).toBeGreaterThanOrEqual(timeMs);
        if (waitMs > 0) expect(timeAt(runs, machineMs + waitMs - 1)).toBeLessThan(timeMs);
        const ageMs = elapsedSince(runs, timeMs, machineMs);
        expect(ageMs).toBeGreaterThanOrEqual(0);
        if (timeAt(runs, machineMs) <= timeMs) expect(ageMs).toBe(0);
        else expect(timeAt(runs, machineMs - ageMs + 1)).toBeGreaterThanOrEqual(timeMs);
      }
    }
  });

  it('waits without end for what a clock that stands still never shows', () => {
    const still: ClockRuns = [{ fromMs: 0, timeMs: startMs, speed: 0 }];
    expect(waitUntil(still, startMs + 1, 10_000)).toBe(Number.POSITIVE_INFINITY);
    expect(waitUntil(still, startMs, 10_000)).toBe(0);
    expect(elapsedSince(still, startMs, 10_000)).toBe(0);
  });
});

describe('isStill', () => {
  it('is whether the clock passes neither now nor later', () => {
    expect([0, 3_000, 5_000].map((machineMs) => isStill(runs, machineMs))).toEqual([false, false, false]);
    const held = runsBegun(runs, 4_000);
    expect([2_999, 3_000, 9_000].map((machineMs) => isStill(held, machineMs))).toEqual([false, true, true]);
    const stepped = changeRuns(held, { atMs: 9_000, timeMs: startMs + 9 * hourMs });
    expect(isStill(stepped, 8_000)).toBe(true);
  });
});

describe('changeRuns', () => {
  it('changes speed and time from a moment on', () => {
    const paused = changeRuns(machineRuns, { atMs: 1_000, speed: 0 });
    expect(paused.at(-1)).toEqual({ fromMs: 1_000, timeMs: 1_000, speed: 0 });
    const stepped = changeRuns(paused, { atMs: 2_000, timeMs: hourMs });
    expect(timeAt(stepped, 1_999)).toBe(1_000);
    expect(timeAt(stepped, 9_999)).toBe(hourMs);
    expect(timeAt(changeRuns(stepped, { atMs: 3_000, speed: 60 }), 4_000)).toBe(hourMs + 60_000);
  });

  it('refuses to go back, to overtake a change that has not begun, and speeds out of bounds', () => {
    const refused = [
      { atMs: 6_000, timeMs: startMs + 5 * hourMs + 999 },
      { atMs: 5_000, timeMs: startMs + 9 * hourMs },
      { atMs: 6_000, speed: -1 },
      { atMs: 6_000, speed: 1_001 },
      { atMs: 6_000, speed: 0.5 },
    ];
    for (const change of refused) expect(() => changeRuns(runs, change)).toThrow(ClockChangeError);
  });

  it('remembers a bounded number of runs, the newest', () => {
    let many: ClockRuns = machineRuns;
    for (let atMs = 1; atMs <= 100; atMs += 1) many = changeRuns(many, { atMs, speed: atMs });
    expect(many).toHaveLength(8);
    expect(many.at(-1)?.speed).toBe(100);
  });
});

describe('runsUntil, runsBegun', () => {
  it('stand still at exactly the time, also between two milliseconds of the machine, and never show more before', () => {
    for (const speed of [1, 7, 60, 999, 1_000]) {
      for (const aheadMs of [1, 59, 60_000, hourMs + 1]) {
        const passing = changeRuns(machineRuns, { atMs: startMs, speed });
        const stopped = runsUntil(passing, startMs + aheadMs);
        const stopMs = startMs + aheadMs / speed;
        for (const offMs of [-3, -1, -0.25, 0, 0.25, 1, 9_999]) {
          const shownMs = timeAt(stopped, Math.max(startMs, stopMs + offMs));
          expect(shownMs).toBeLessThanOrEqual(startMs + aheadMs);
          if (offMs >= 0) expect(shownMs).toBe(startMs + aheadMs);
        }
        expect(runsBegun(stopped, Math.max(startMs, stopMs - 0.25))).toEqual(passing);
        expect(runsBegun(stopped, stopMs)).toEqual(stopped);
      }
    }
  });

  it('are as many as a clock remembers', () => {
    let many: ClockRuns = machineRuns;
    for (let atMs = 1; atMs <= 20; atMs += 1) many = changeRuns(many, { atMs, speed: 1 });
    const stopped = runsUntil(many, hourMs);
    expect(stopped).toHaveLength(8);
    expect([timeAt(stopped, hourMs - 1), timeAt(stopped, hourMs + 1)]).toEqual([hourMs - 1, hourMs]);
    expect(runsBegun(runs, 0)).toEqual([runs[0]]);
  });
});

describe('openClock', () => {
  let directory: string;
  let path: string;
  const logger = createLogger({ service: 'test', level: 'silent' });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'outcry-clock-'));
    path = join(directory, 'clock.json');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('follows the file, and goes on with what it has while the file cannot be read', async () => {
    writeClockFile(path, { runs: [{ fromMs: 0, timeMs: startMs, speed: 0 }] });
    using clock = openClock(path, { logger });
    expect(clock.nowMs()).toBe(startMs);
    writeFileSync(path, 'not json');
    expect(clock.nowMs()).toBe(startMs);
    writeClockFile(path, { runs: [{ fromMs: 0, timeMs: startMs + hourMs, speed: 1 }] });
    await eventually(() => expect(clock.nowMs()).toBeGreaterThan(startMs + hourMs));
    expect(clock.isSettable).toBe(true);
  });

  it('shows each of many steps at once while it stands still, also those of one millisecond', () => {
    writeClockFile(path, { runs: [{ fromMs: 0, timeMs: startMs, speed: 0 }] });
    using clock = openClock(path, { logger });
    using other = openClock(path, { logger });
    for (let step = 1; step <= 200; step += 1) {
      writeClockFile(path, { runs: [{ fromMs: 0, timeMs: startMs + step, speed: 0 }] });
      expect([clock.nowMs(), clock.at(Date.now()), other.nowMs()]).toEqual(Array(3).fill(startMs + step));
    }
    expect(other.waitMs(startMs + 201)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not open without a setting', () => {
    expect(() => openClock(path, { logger })).toThrow();
    for (const text of [
      '{}',
      '{"runs":[]}',
      '{"runs":[{"fromMs":0,"timeMs":"x","speed":1}]}',
      '{"runs":[{"fromMs":0,"timeMs":1,"speed":-1}]}',
    ]) {
      writeFileSync(path, text);
      expect(() => readClockFile(path)).toThrow();
    }
  });
});

describe('fixedClock', () => {
  it('is the clock of the machine', () => {
    const clock = fixedClock(() => 5_000);
    expect([clock.nowMs(), clock.at(7), clock.waitMs(5_001), clock.waitMs(1), clock.ageMs(4_000)]).toEqual([
      5_000, 7, 1, 0, 1_000,
    ]);
    expect(clock.isSettable).toBe(false);
  });
});
