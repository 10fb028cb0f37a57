/** The command line of `npm run tape`. */
import { parseArgs } from 'node:util';

/** A wrong command line; the message is one line. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Which system is meant: a gateway, or the one that runs on a data folder. */
export type Target = { url?: string; data?: string };

/** What is asked for; times are Unix ms. */
export type TapeCommand =
  | { name: 'show'; path: string }
  | { name: 'outcome'; path: string; target: Target }
  | { name: 'record'; path: string; target: Target; fromMs?: number; toMs?: number; symbols: string[] }
  | {
      name: 'play';
      path: string;
      target: Target;
      speed: number;
      fromMs?: number;
      toMs?: number;
      beatMs: number;
      groupsMax: number;
      isPaused: boolean;
      isJson: boolean;
    };

/** Printed for a wrong command line. */
export const usage = `Usage: npm run tape -- COMMAND FILE [flags]
  show FILE       what a tape has
  record FILE     trades and quotes of a running system into a file; gzip if its name ends in .gz
    --from T --to T    which time of the market (default: its day so far, by UTC)
    --symbols A,B      which instruments (default: all, at most 100)
  play FILE       plays it through a running system whose clock can be set
    --speed N          N times as fast as it was recorded, 1 to 1000, or max (default 1)
    --from T --to T    begins and ends there (default: the whole tape)
    --step [N]         plays N groups of rows, one by default, and ends
    --beat MS          plays rows of so many ms at one time, 1 to 3600000 (default 1000)
    --paused           begins paused; in a terminal space goes on and pauses, Enter plays one group
    --json             prints the outcome as one line of JSON
  outcome FILE    writes trades, candles, and fills and portfolios of the tape's accounts into a file, to compare
  --data DIR      data folder of the running system (default .outcry)
  --url URL       another gateway; plays as OUTCRY_EMAIL with OUTCRY_PASSWORD, an administrator
Times are such as 2026-03-10T14:30:00Z.`;

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const options = {
  ...{ data: text, url: text, from: text, to: text, symbols: text, speed: text, beat: text, step: text },
  ...{ paused: yes, json: yes },
};

const flagsOf: Readonly<Record<TapeCommand['name'], readonly string[]>> = {
  show: [],
  record: ['data', 'url', 'from', 'to', 'symbols'],
  outcome: ['data', 'url'],
  play: ['data', 'url', 'from', 'to', 'speed', 'beat', 'step', 'paused', 'json'],
};

/** Reads the command line. Throws UsageError. */
export function readCommand(args: readonly string[]): TapeCommand {
  const { values, positionals } = parse(withStep(args));
  const [name = '', path = '', ...others] = positionals;
  if (!isCommand(name)) throw new UsageError('the command is show, record, play or outcome');
  if (path === '' || others.length > 0) throw new UsageError(`${name} takes one file`);
  const unknown = Object.keys(values).find((flag) => !flagsOf[name].includes(flag));
  if (unknown !== undefined) throw new UsageError(`${name} has no --${unknown}`);
  if (name === 'show') return { name, path };
  const { url, data, from, to } = values;
  const target = { ...(url === undefined ? {} : { url }), ...(data === undefined ? {} : { data }) };
  if (name === 'outcome') return { name, path, target };
  const common = {
    ...{ path, target },
    ...(from === undefined ? {} : { fromMs: timeOf('--from', from) }),
    ...(to === undefined ? {} : { toMs: timeOf('--to', to) }),
  };
  if (name === 'record')
    return { name, ...common, symbols: (values.symbols ?? '').split(',').filter((one) => one !== '') };
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : wholeNumber('--speed', values.speed ?? '1', 1_000);
  return {
    ...{ name, ...common, speed },
    beatMs: wholeNumber('--beat', values.beat ?? '1000', 3_600_000),
    groupsMax: values.step === undefined ? Number.POSITIVE_INFINITY : wholeNumber('--step', values.step, 1_000_000),
    isPaused: values.paused ?? false,
    isJson: values.json ?? false,
  };
}

function isCommand(name: string): name is TapeCommand['name'] {
  return Object.hasOwn(flagsOf, name);
}

/** `--step` without a number is `--step 1`. */
function withStep(args: readonly string[]): string[] {
  return args.flatMap((arg, index) =>
    arg === '--step' && !/^\d+$/.test(args[index + 1] ?? '') ? ['--step', '1'] : [arg],
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new UsageError(`${flag} takes a whole number from 1 to ${max}, not '${text}'`);
}

function timeOf(flag: string, text: string): number {
  const timeMs = /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new UsageError(`${flag} takes a time such as 2026-03-10T14:30:00Z, not '${text}'`);
}
