import { describe, expect, it } from 'vitest';
import { readCommand, UsageError } from './flags.ts';

describe('readCommand', () => {
  it('reads each command', () => {
    expect(readCommand(['show', 'a.csv'])).toEqual({ name: 'show', path: 'a.csv' });
    expect(
      readCommand(['record', 'a.csv', '--symbols', 'A,B', '--from', '2026-03-10T14:30:00Z', '--data', 'd']),
    ).toEqual({
      ...{ name: 'record', path: 'a.csv', target: { data: 'd' }, symbols: ['A', 'B'] },
      fromMs: Date.UTC(2026, 2, 10, 14, 30),
    });
    expect(readCommand(['outcome', 'a.jsonl', '--data', 'd'])).toEqual({
      ...{ name: 'outcome', path: 'a.jsonl', target: { data: 'd' } },
    });
    const played = { name: 'play', path: 'a.csv', target: {}, isPaused: false, isJson: false };
    const all = { groupsMax: Number.POSITIVE_INFINITY };
    expect(readCommand(['play', 'a.csv'])).toEqual({ ...played, ...all, speed: 1, beatMs: 1_000 });
    expect(readCommand(['play', '--step', 'a.csv', '--speed', 'max', '--beat', '1'])).toEqual({
      ...{ ...played, groupsMax: 1, beatMs: 1 },
      speed: Number.POSITIVE_INFINITY,
    });
    expect(readCommand(['play', 'a.csv', '--step', '5', '--speed', '100'])).toMatchObject({ groupsMax: 5, speed: 100 });
  });

  it.each([
    [[], 'the command is'],
    [['play'], 'takes one file'],
    [['play', 'a', 'b'], 'takes one file'],
    [['show', 'a', '--speed', '1'], 'show has no --speed'],
    [['record', 'a', '--json'], 'record has no --json'],
    [['outcome', 'a', '--from', '2026-03-10T14:30:00Z'], 'outcome has no --from'],
    [['toString', 'a'], 'the command is'],
    [['play', 'a', '--speed', '1001'], '--speed takes'],
    [['play', 'a', '--beat', '0'], '--beat takes'],
    [['play', 'a', '--to', '2026-03-10T14:30:00'], '--to takes a time'],
    [['play', 'a', '--fast'], "'--fast'"],
  ])('refuses %j', (args, why) => {
    expect(() => readCommand(args)).toThrow(UsageError);
    expect(() => readCommand(args)).toThrow(why);
  });
});
