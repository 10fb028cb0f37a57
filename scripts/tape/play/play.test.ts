import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { summarize } from '../format/read-tape.ts';
import { createControls } from './controls.ts';
import { createPace } from './pace.ts';
import { PlayError, type PlayOptions, play } from './play.ts';

const second = (count: number) => `2026-03-10T10:00:0${count}.000Z`;
const rows = [1, 2, 3, 4].map((at) => `${second(at)},quote,A,5${at},1,6${at},1`);

let directory: string;
let path: string;
let done: string[];
let shownMs: number;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-play-'));
  path = join(directory, 'tape.csv');
  writeFileSync(path, ['outcry-tape,1', ...rows].join('\n'));
});
beforeEach(() => {
  done = [];
  shownMs = Date.parse(second(0));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const at = (timeMs: number) => new Date(timeMs).toISOString().slice(17, 23);

/** Plays through a market that notes what happens to it. */
async function playing(changes: Partial<PlayOptions> = {}) {
  const keys = (orders: readonly { key: string }[]) => orders.map(({ key }) => key).join(' ');
  return play({
    path,
    summary: await summarize(path),
    steps: new Map([['A', { tick: 1n, lot: 1n }]]),
    clock: {
      hold: async () => shownMs,
      async moveTo(timeMs) {
        expect(timeMs).toBeGreaterThanOrEqual(shownMs);
        shownMs = timeMs;
        done.push(`at ${at(timeMs)}`);
      },
    },
    trader: {
      counts: { placed: 0, refused: new Map(), offTime: 0 },
      restore: async (orders) => void done.push(`standing ${keys(orders)}`),
      carryOut: async (waves) => void done.push(keys(waves.flat().flatMap(({ make }) => make))),
      cancelAll: async () => void done.push('cancel all'),
    },
    controls: createControls(),
    speed: Number.POSITIVE_INFINITY,
    beatMs: 1,
    fromMs: undefined,
    toMs: undefined,
    groupsMax: Number.POSITIVE_INFINITY,
    onGroup: () => {},
    signal: new AbortController().signal,
    ...changes,
  });
}

describe('play', () => {
  it('moves the clock to each group before it carries it out, and ends a minute behind the last', async () => {
    const progress = await playing();
    expect(done).toEqual([
      ...['at 01.000', 'standing ', 'at 01.000', '2:bid 2:ask', 'at 02.000', '3:bid 3:ask'],
      ...['at 03.000', '4:bid 4:ask', 'at 04.000', '5:bid 5:ask', 'at 04.000', 'cancel all'],
    ]);
    expect(progress).toMatchObject({ groups: 4, rows: 4, behindMsMax: 0 });
  });

  it('begins where it is asked to with what was quoted before, and ends before the rows of the end', async () => {
    await playing({ fromMs: Date.parse(second(2)) + 500, toMs: Date.parse(second(4)) });
    expect(done).toEqual(['at 02.500', 'standing 3:bid 3:ask', 'at 03.000', '4:bid 4:ask', 'at 04.000']);
  });

  it('goes on at the clock’s time, whose group is carried out again', async () => {
    shownMs = Date.parse(second(3));
    await playing({ fromMs: Date.parse(second(1)) });
    expect(done.slice(0, 4)).toEqual(['standing 3:bid 3:ask', 'at 03.000', '4:bid 4:ask', 'at 04.000']);
  });

  it('plays one group a step, and the next one at the next step', async () => {
    await playing({ groupsMax: 1 });
    await playing({ groupsMax: 1 });
    expect(done.filter((what) => what.includes('bid'))).toEqual(['2:bid 2:ask', 'standing 2:bid 2:ask', '3:bid 3:ask']);
  });

  it('stops with the signal, and refuses a market whose time is after the tape', async () => {
    const stop = new AbortController();
    await playing({ signal: stop.signal, onGroup: () => stop.abort() });
    expect(done.at(-1)).toBe('2:bid 2:ask');
    shownMs = Date.parse(second(9)) + 60_000;
    await expect(playing()).rejects.toThrow(PlayError);
  });
});

describe('createPace', () => {
  it('lets so many ms of the tape pass in each of the machine', () => {
    let nowMs = 1_000;
    const pace = createPace(100, () => nowMs);
    pace.anchor(50_000);
    expect(pace.leftMs(60_000)).toBe(100);
    nowMs = 1_150;
    expect(pace.leftMs(60_000)).toBe(-50);
    pace.anchor(60_000);
    expect(pace.leftMs(60_000)).toBe(0);
    expect(createPace(Number.POSITIVE_INFINITY).leftMs(Date.now())).toBe(0);
  });
});
