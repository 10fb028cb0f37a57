import { describe, expect, it } from 'vitest';
import { parseCommand } from './command.ts';
import { runCommand } from './run-command.ts';

describe('parseCommand', () => {
  it('lists by default, and reads ids, --all and reasons', () => {
    expect(parseCommand([])).toMatchObject({ action: 'list', queue: '' });
    expect(parseCommand(['redrive', 'q.a', 'x', 'y'])).toMatchObject({ events: { eventIds: ['x', 'y'] } });
    expect(parseCommand(['drop', 'q.a', '--all', '--reason', 'why'])).toMatchObject({
      events: { all: true },
      reason: 'why',
    });
  });

  it.each([
    [['redrive', 'q.a']],
    [['redrive', 'q.a', 'x', '--all']],
    [['redrive', '--all']],
    [['drop', 'q.a', 'x']],
    [['inspect', 'q.a']],
    [['explode']],
    [['--unknown']],
  ])('refuses %j', (args) => {
    expect(() => parseCommand(args)).toThrow();
  });
});

describe('runCommand', () => {
  const calls: [string, Record<string, unknown>][] = [];
  const answers = (...given: Record<string, unknown>[]) => {
    calls.length = 0;
    return async (method: string, request: Record<string, unknown>) => {
      calls.push([method.split('/')[1] ?? '', request]);
      return given.shift() ?? {};
    };
  };

  it('lists all pages, and prints what users wrote without control characters', async () => {
    const event = { queue: 'q.a', eventId: 'x', type: 'T', key: 'k\u001b[2J', attempts: 8, lastFailure: 'bad\nluck' };
    const call = answers({ deadEvents: [event], nextPageToken: 't' }, { deadEvents: [event] });
    const text = await runCommand(parseCommand([]), call, 'token');
    expect(calls.map(([, { pageToken }]) => pageToken)).toEqual(['', 't']);
    expect(text.split('\n')).toHaveLength(4);
    expect(text).not.toContain('\u001b');
  });

  it('goes on with --all until there is none, and sends ids in parts', async () => {
    const all = await runCommand(
      parseCommand(['redrive', 'q.a', '--all']),
      answers({ redrivenCount: 1000 }, { redrivenCount: 7 }, {}),
      'token',
    );
    expect(all).toBe('1007 put back into q.a');
    const ids = Array.from({ length: 201 }, (_, index) => `id ${index}`);
    const drop = parseCommand(['drop', 'q.a', ...ids, '--reason', 'why', '--json']);
    expect(await runCommand(drop, answers({ droppedCount: 200 }, { droppedCount: 1 }), 'token')).toBe(
      '{"droppedCount":201}',
    );
    expect(calls.map(([, { eventIds, reason }]) => [(eventIds as string[]).length, reason])).toEqual([
      [200, 'why'],
      [1, 'why'],
    ]);
  });
});
