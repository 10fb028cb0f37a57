import { describe, expect, it } from 'vitest';
import { parseStartFlags, type StartFlags } from './flags.ts';
import { StartError } from './start-error.ts';

const context = {
  projectDirectory: '/project',
  replicasMaxByService: new Map([
    ['order', 5],
    ['mailbox', 1],
  ]),
};

function refusal(args: string[]): StartError {
  try {
    parseStartFlags(args, context);
  } catch (error) {
    if (error instanceof StartError) return error;
  }
  throw new Error('it was not refused');
}

describe('parseStartFlags', () => {
  it('has a default for everything', () => {
    expect(parseStartFlags([], context)).toEqual<StartFlags>({
      help: false,
      fresh: false,
      rabbitmq: false,
      observe: false,
      simulator: true,
      seed: 1,
      port: 8080,
      replicas: new Map(),
      clock: { isMachine: false, timeMs: undefined, speed: undefined },
      dataDirectory: '/project/.outcry',
      walArchive: undefined,
    });
  });

  it('reads every flag', () => {
    const args = [
      '--fresh',
      '--rabbitmq',
      '--observe',
      '--no-simulator',
      '--seed',
      '7',
      '--port=9000',
      '--replicas',
      'order=2',
      '--clock',
      '2026-03-06T09:29:00 America/New_York',
      '--clock-speed',
      '60',
      '--data',
      '/tmp/x',
      '--wal-archive',
      '/backups/wal',
    ];
    expect(parseStartFlags(args, context)).toEqual<StartFlags>({
      help: false,
      fresh: true,
      rabbitmq: true,
      observe: true,
      simulator: false,
      seed: 7,
      port: 9000,
      replicas: new Map([['order', 2]]),
      clock: { isMachine: false, timeMs: Date.parse('2026-03-06T14:29Z'), speed: 60 },
      dataDirectory: '/tmp/x',
      walArchive: '/backups/wal',
    });
  });

  it.each([
    ['2026-07-06 09:29 America/New_York', '2026-07-06T13:29Z'],
    ['2026-07-06T09:29', '2026-07-06T09:29Z'],
    ['2026-07-06T09:29:30Z', '2026-07-06T09:29:30Z'],
    ['2026-07-06T09:29:30+02:00', '2026-07-06T07:29:30Z'],
    // A time that clocks skip begins when they have skipped it.
    ['2026-03-08T02:30 America/New_York', '2026-03-08T07:00Z'],
  ])('reads the time %s', (text, time) => {
    expect(parseStartFlags(['--clock', text], context).clock).toEqual({
      ...{ isMachine: false, timeMs: Date.parse(time), speed: undefined },
    });
  });

  it.each([
    [['--clock', 'now'], '--clock takes a time from 2022 to 2099'],
    [['--clock', '2026-03-06T09:29 Mars/Base'], '--clock takes a time from 2022 to 2099'],
    [['--clock', '2021-12-31T00:00Z'], '--clock takes a time from 2022 to 2099'],
    [['--clock', 'machine', '--clock-speed', '2'], '--clock machine has no speed'],
    [['--clock-speed', '1001'], '--clock-speed takes a whole number from 0'],
    [['--nope'], "Unknown option '--nope'"],
    [['again'], "Unexpected argument 'again'"],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--port', '80'], "--port takes a whole number from 1024 to 65000, not '80'"],
    [['--port', '8e3'], "--port takes a whole number from 1024 to 65000, not '8e3'"],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--replicas', 'orders=2'], "--replicas names 'orders'; the services are order, mailbox"],
    [['--replicas', 'order=6'], "--replicas order takes a whole number from 1 to 5, not '6'"],
    [['--replicas', 'mailbox=2'], "--replicas mailbox takes a whole number from 1 to 1, not '2'"],
    [['--replicas', 'order'], "--replicas order takes a whole number from 1 to 5, not ''"],
  ])('refuses %j with exit code 2', (args, message) => {
    const error = refusal(args);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect(error.exitCode).toBe(2);
  });
});
