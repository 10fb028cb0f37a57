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
      simulator: true,
      seed: 1,
      port: 8080,
      replicas: new Map(),
      dataDirectory: '/project/.outcry',
    });
  });

  it('reads every flag', () => {
    const args = [
      '--fresh',
      '--rabbitmq',
      '--no-simulator',
      '--seed',
      '7',
      '--port=9000',
      '--replicas',
      'order=2',
      '--data',
      '/tmp/x',
    ];
    expect(parseStartFlags(args, context)).toEqual<StartFlags>({
      help: false,
      fresh: true,
      rabbitmq: true,
      simulator: false,
      seed: 7,
      port: 9000,
      replicas: new Map([['order', 2]]),
      dataDirectory: '/tmp/x',
    });
  });

  it.each([
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
