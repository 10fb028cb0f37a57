import { parseArgs } from 'node:util';

/** The flags of `npm run chaos`. */
export type ChaosFlags = {
  help: boolean;
  /** Kills of services' processes; 0 when crash points are enumerated. */
  kills: number;
  seed: number;
  /** Orders, cancels and transfers a second. */
  rate: number;
  /** Only faults of this service's processes and connections. */
  only: string | undefined;
  bus: 'postgres' | 'amqp';
  minutes: number;
  /** Everything is to be final within this time of the last fault, in seconds. */
  quietSeconds: number;
  replicas: number;
  users: number;
  /** Prints the schedule of the seed and ends. */
  plan: boolean;
  /** Leaves the data, the logs and the clients' records there. */
  save: boolean;
  /** Goes through the crash points of a day instead: `all`, or every so many. */
  points: number | undefined;
};

/** Usage text. */
export const chaosUsage = `Usage: npm run chaos -- [flags]
  --kills N         kills of processes, as many freezes, and other faults in proportion (default 200)
  --seed S          seed of schedule and traffic (default: drawn, and printed)
  --rate R          calls of clients a second (default 300)
  --minutes M       time of the schedule (default: 3 s for each kill)
  --quiet S         seconds within which everything is final after the last fault (default 30)
  --only SERVICE    only faults of this service (postgres, disk, bus and broker are services here)
  --bus amqp        the bus on the RabbitMQ that is installed, a node of the run's own, which is killed and frozen too
  --replicas N      of each service that may run twice (default 2)
  --users N         users that trade (default 24)
  --plan            print the schedule of the seed and end
  --save            leave data, logs and the clients' records where they are
  --points [N]      instead: end caller and callee at every N-th crash point of a day (default every one)
  --help            print this text`;

const msOfKill = 3_000;

/** Reads the command line. Throws an error with one clear line. */
export function parseChaosFlags(args: readonly string[]): ChaosFlags {
  const withPoints = args.flatMap((arg, index) =>
    arg === '--points' && !/^\d+$/.test(args[index + 1] ?? '') ? [arg, '1'] : [arg],
  );
  const { values } = parseArgs({
    args: withPoints,
    options: {
      help: { type: 'boolean' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      rate: { type: 'string' },
      only: { type: 'string' },
      bus: { type: 'string' },
      minutes: { type: 'string' },
      quiet: { type: 'string' },
      replicas: { type: 'string' },
      users: { type: 'string' },
      plan: { type: 'boolean' },
      save: { type: 'boolean' },
      points: { type: 'string' },
    },
  });
  const { bus = 'postgres' } = values;
  if (bus !== 'postgres' && bus !== 'amqp') throw new Error(`--bus takes postgres or amqp, not '${bus}'`);
  const kills = number('--kills', values.kills ?? '200', { min: 0, max: 10_000 });
  return {
    help: values.help ?? false,
    kills,
    seed: number('--seed', values.seed ?? String(Math.floor(Math.random() * 1e9)), { min: 0, max: 1e9 }),
    rate: number('--rate', values.rate ?? '300', { min: 1, max: 5_000 }),
    only: values.only,
    bus,
    minutes: number('--minutes', values.minutes ?? String(Math.max(1, (kills * msOfKill) / 60_000)), {
      min: 0.1,
      max: 600,
    }),
    quietSeconds: number('--quiet', values.quiet ?? '30', { min: 1, max: 3_600 }),
    replicas: number('--replicas', values.replicas ?? '2', { min: 1, max: 5 }),
    users: number('--users', values.users ?? '24', { min: 2, max: 1_000 }),
    plan: values.plan ?? false,
    save: values.save ?? false,
    points: values.points === undefined ? undefined : number('--points', values.points, { min: 1, max: 10_000 }),
  };
}

function number(flag: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new Error(`${flag} takes a number from ${min} to ${max}, not '${text}'`);
}
