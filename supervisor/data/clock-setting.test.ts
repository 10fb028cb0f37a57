import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClockFile } from '#platform/clock/clock-file.ts';
import { timeAt } from '#platform/clock/clock-runs.ts';
import type { ClockFlags } from '../terminal/clock-flags.ts';
import { StartError } from '../terminal/start-error.ts';
import { clockFilePath, startClock, stopClock } from './clock-setting.ts';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-11-29T12:00Z');
const asIs: ClockFlags = { isMachine: false, timeMs: undefined, speed: undefined };
const marchMs = Date.parse('2026-03-06T14:29Z');

let root: string;
let paths: { root: string; postgres: string };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outcry-setting-'));
  paths = { root, postgres: join(root, 'postgres') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const start = (flags: Partial<ClockFlags>, machineMs = nowMs) =>
  startClock({ paths, flags: { ...asIs, ...flags }, isEmbedded: true }, machineMs);
const shownAt = (machineMs: number) => timeAt(readClockFile(clockFilePath(root)).runs, machineMs);
const haveData = () => mkdirSync(paths.postgres);

describe('startClock', () => {
  it('is the machine’s time until it is set, also after a stop', () => {
    start({});
    expect(shownAt(nowMs + 5)).toBe(nowMs + 5);
    haveData();
    stopClock(root, nowMs + 5);
    start({}, nowMs + hourMs);
    expect(shownAt(nowMs + hourMs)).toBe(nowMs + hourMs);
  });

  it('begins a market without data at any time, and goes on where it stood when it was stopped', () => {
    start({ timeMs: marchMs, speed: 60 });
    expect(shownAt(nowMs + 1_000)).toBe(marchMs + 60_000);
    haveData();
    stopClock(root, nowMs + 1_000);
    start({}, nowMs + hourMs);
    expect(shownAt(nowMs + hourMs + 1)).toBe(marchMs + 60_060);
    stopClock(root, nowMs + hourMs + 1);
    start({ speed: 0 }, nowMs + 2 * hourMs);
    expect(shownAt(nowMs + 9 * hourMs)).toBe(marchMs + 60_060);
  });

  it('goes on as if it had not been stopped after a crash', () => {
    start({ timeMs: marchMs, speed: 60 });
    haveData();
    start({}, nowMs + 1_000);
    expect(shownAt(nowMs + 1_000)).toBe(marchMs + 60_000);
  });

  it('refuses to take data back, and forgets the clock of data that was deleted', () => {
    start({});
    haveData();
    expect(() => start({ timeMs: marchMs })).toThrow(StartError);
    start({ timeMs: nowMs + hourMs });
    expect(() => startClock({ paths, flags: { ...asIs, isMachine: true }, isEmbedded: true }, nowMs)).toThrow(
      StartError,
    );
    rmSync(paths.postgres, { recursive: true });
    start({ timeMs: marchMs });
    expect(shownAt(nowMs)).toBe(marchMs);
  });

  it('leaves data where it is between two times, such as those of a tape', () => {
    start({ timeMs: marchMs, speed: 0 });
    haveData();
    const within = { timeMs: marchMs - hourMs, speed: 0 };
    start({ ...within, untilMs: marchMs + hourMs });
    expect(shownAt(nowMs + hourMs)).toBe(marchMs);
    expect(() => start({ ...within, untilMs: marchMs - 1 })).toThrow(StartError);
    start({ timeMs: marchMs + 1, untilMs: marchMs + hourMs, speed: 0 });
    expect(shownAt(nowMs + hourMs)).toBe(marchMs + 1);
  });

  it('gives no file for the machine’s clock, and refuses a damaged one', () => {
    expect(startClock({ paths, flags: { ...asIs, isMachine: true }, isEmbedded: true }, nowMs)).toBe('');
    haveData();
    writeFileSync(clockFilePath(root), 'not json');
    expect(() => start({})).toThrow(StartError);
  });
});
