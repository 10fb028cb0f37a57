import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ClockFlags, parseClockFlags } from './clock-flags.ts';
import { StartError } from './start-error.ts';
import { parseTapeFlags, type TapeFlags, type TapeValues } from './tape-flags.ts';

/** The flags of the command line of `npm start`. */
export type StartFlags = {
  /** Print the usage and end. */
  help: boolean;
  /** Delete the embedded database first. */
  fresh: boolean;
  /** Run the bus on the RabbitMQ of this machine, started in the data folder. */
  rabbitmq: boolean;
  /** Start what watches the system: Prometheus and Grafana where they are installed, and a store of traces. */
  observe: boolean;
  /** Run the simulated traders. */
  simulator: boolean;
  /** Seed of the simulator's random numbers. */
  seed: number;
  /** Port of the first gateway; all other ports are counted from it. */
  port: number;
  /** Replicas by service name; a service that is not named has one. */
  replicas: ReadonlyMap<string, number>;
  /** The market's clock. */
  clock: ClockFlags;
  /** A tape to play; undefined: none. */
  tape?: TapeFlags | undefined;
  /** Absolute path of the data folder. */
  dataDirectory: string;
  /** Absolute path of the folder that gets the log of the embedded database (WAL), for restores; undefined: none. */
  walArchive: string | undefined;
};

/** Usage text of `npm start`. */
export const startUsage = `Usage: npm start -- [flags]
  --fresh                      delete the embedded database and begin anew
  --rabbitmq                   run the bus on an installed RabbitMQ, started in the data folder
  --observe                    start Prometheus and Grafana where they are installed, and a store of traces
  --no-simulator               run without simulated traders
  --seed N                     seed of the simulator's random numbers (default 1)
  --port P                     port of the gateway (default 8080); the other ports follow it
  --replicas order=2,ledger=2  replicas by service, at most 5 each
  --clock TIME                 the market's time, e.g. "2026-03-06T09:29:00 America/New_York", or machine
  --clock-speed N              how fast it passes: 0 stands still, 1 is usual, at most 1000
  --tape FILE                  play a recorded day in place of simulated traders, see docs/tape.md
  --speed N                    of the tape: N times as fast as recorded, 1 to 1000, or max
  --beat MS                    of the tape: rows of so many ms at one time, 1 to 3600000 (default 1000)
  --from T                     of the tape: begin there, e.g. 2026-03-10T14:30:00Z
  --data DIR                   data folder (default .outcry)
  --wal-archive DIR            folder that gets the log of the embedded database, see docs/backups.md
  --help                       print this text`;

const portMin = 1024;
const portMax = 65_000;
const replicasMax = 5;

/**
 * Reads the command line.
 *
 * @param replicasMaxByService the services that exist, with the most replicas each may have
 * @throws StartError with exit code 2 and one clear line for a flag that is unknown, lacks its value or is out of range
 */
export function parseStartFlags(
  args: readonly string[],
  context: { projectDirectory: string; replicasMaxByService: ReadonlyMap<string, number> },
): StartFlags {
  const values = parseValues(args);
  const tape = readTape(values, context.projectDirectory);
  return {
    help: values.help ?? false,
    fresh: values.fresh ?? false,
    rabbitmq: values.rabbitmq ?? false,
    observe: values.observe ?? false,
    simulator: tape === undefined && !(values['no-simulator'] ?? false),
    seed: wholeNumber('--seed', values.seed ?? '1', 0, Number.MAX_SAFE_INTEGER),
    port: wholeNumber('--port', values.port ?? '8080', portMin, portMax),
    replicas: parseReplicas(values.replicas ?? '', context.replicasMaxByService),
    clock: readClock(values.clock, values['clock-speed']),
    tape,
    dataDirectory: resolve(context.projectDirectory, values.data ?? '.outcry'),
    walArchive: values['wal-archive'] === undefined ? undefined : resolve(values['wal-archive']),
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        fresh: { type: 'boolean' },
        rabbitmq: { type: 'boolean' },
        observe: { type: 'boolean' },
        'no-simulator': { type: 'boolean' },
        seed: { type: 'string' },
        port: { type: 'string' },
        replicas: { type: 'string' },
        clock: { type: 'string' },
        'clock-speed': { type: 'string' },
        tape: { type: 'string' },
        speed: { type: 'string' },
        beat: { type: 'string' },
        from: { type: 'string' },
        data: { type: 'string' },
        'wal-archive': { type: 'string' },
      },
    }).values;
  } catch (error) {
    const [firstSentence] = String(error instanceof Error ? error.message : error).split(/\. |\.?\n/);
    throw usageError(firstSentence ?? 'the flags are not understood');
  }
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usageError(`${flag} takes a whole number from ${min} to ${max}, not '${text}'`);
}

function readClock(time: string | undefined, speed: string | undefined): ClockFlags {
  return orUsageError(() => parseClockFlags(time, speed));
}

function readTape(values: TapeValues, projectDirectory: string): TapeFlags | undefined {
  return orUsageError(() => parseTapeFlags(values, projectDirectory));
}

function orUsageError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
}

function parseReplicas(text: string, maxByService: ReadonlyMap<string, number>): Map<string, number> {
  const replicas = new Map<string, number>();
  for (const part of text.split(',').filter((entry) => entry !== '')) {
    const [name = '', count = ''] = part.split('=');
    const max = maxByService.get(name);
    if (max === undefined) {
      throw usageError(`--replicas names '${name}'; the services are ${[...maxByService.keys()].join(', ')}`);
    }
    replicas.set(name, wholeNumber(`--replicas ${name}`, count, 1, Math.min(max, replicasMax)));
  }
  return replicas;
}

function usageError(message: string): StartError {
  return new StartError(message, { exitCode: 2, details: startUsage.split('\n') });
}
