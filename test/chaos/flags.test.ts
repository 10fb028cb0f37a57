import { describe, expect, it } from 'vitest';
import { parseChaosFlags } from './flags.ts';

describe('parseChaosFlags', () => {
  it('draws a seed and takes three seconds for each kill unless told otherwise', () => {
    expect(parseChaosFlags([])).toMatchObject({
      kills: 200,
      rate: 300,
      minutes: 10,
      bus: 'postgres',
      points: undefined,
    });
    expect(parseChaosFlags([]).seed).toBeGreaterThanOrEqual(0);
  });

  it('reads each flag', () => {
    const args =
      '--kills 20 --seed 7 --rate 60 --minutes 2 --only order --bus amqp --replicas 3 --users 8 --quiet 90'.split(' ');
    expect(parseChaosFlags(args)).toMatchObject({
      ...{
        kills: 20,
        seed: 7,
        rate: 60,
        minutes: 2,
        only: 'order',
        bus: 'amqp',
        replicas: 3,
        users: 8,
        quietSeconds: 90,
      },
    });
  });

  it('takes every crash point, or every N-th', () => {
    expect(parseChaosFlags(['--points']).points).toBe(1);
    expect(parseChaosFlags(['--points', '20', '--save'])).toMatchObject({ points: 20, save: true });
    expect(parseChaosFlags(['--points', '--save'])).toMatchObject({ points: 1, save: true });
  });

  it.each([[['--kills', 'x']], [['--bus', 'kafka']], [['--unknown']], [['--rate', '0']]])('refuses %j', (args) => {
    expect(() => parseChaosFlags(args)).toThrow();
  });
});
