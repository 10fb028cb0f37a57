import { parseArgs } from 'node:util';

/** A command line that cannot be understood; the message is one line for the person who typed it. */
export class UsageError extends Error {}

/** What the command line asks for. */
export type LoadFlags = {
  /** Commands a second, sent whether or not others were answered. */
  rate: number;
  seconds: number;
  tool: 'k6' | 'ghz' | 'own';
  scenario: 'orders' | 'predecessor';
  /** How k6 speaks: gRPC over HTTP/2, or Connect with JSON over HTTP. */
  protocol: 'grpc' | 'connect';
  users: number;
  symbols: number;
  /** Streams of quotes that k6 reads meanwhile, with gRPC. */
  streams: number;
  /** Requests of the scenario `predecessor`. */
  requests: number;
  /** Greatest 99th percentile of PlaceOrder, ms. */
  p99MaxMs: number;
  /** Address of a gateway; empty: the system that runs on the data folder. */
  target: string;
  data: string;
  /** Tries growing rates, from `rate` on, until one does not hold. */
  findsKnee: boolean;
};

/** Usage text. */
export const usage = `Usage: npm run load -- [flags]
  --tool k6|ghz|own         what sends (default own: the generator of bench/)
  --rate N                  commands a second, open loop (default 500)
  --seconds N               for how long (default 60, at most 540)
  --users N                 accounts that are made for it (default 100)
  --symbols N               books that are made for it (default 10)
  --p99 MS                  threshold of PlaceOrder's 99th percentile (default 1000)
  --protocol grpc|connect   k6 only: gRPC, or Connect with JSON (default grpc)
  --streams N               k6 with gRPC only: streams of quotes read meanwhile (default 10)
  --scenario orders|predecessor   k6 only: predecessor sends --requests as fast as they are answered
  --find-knee               own and k6: tries rates from --rate on (default 100), each for --seconds (default 15), until
                            one breaks a threshold; prints what the load costs each part of a system on this machine
  --requests N              requests of that scenario (default 44248)
  --target URL              a gateway; log in as OUTCRY_EMAIL with OUTCRY_PASSWORD, an administrator
  --data DIR                without --target: data folder of the running system (default .outcry)`;

// An access token lasts ten minutes.
const secondsMax = 540;

const names = [
  'tool',
  'rate',
  'seconds',
  'users',
  'symbols',
  'p99',
  'protocol',
  'streams',
  'scenario',
  'requests',
  'target',
  'data',
];

/** Reads the flags. Throws UsageError. */
export function readLoadFlags(args: readonly string[]): LoadFlags {
  const values = parse(args);
  const findsKnee = values['find-knee'] === true;
  const flags: LoadFlags = {
    rate: count(values, 'rate', findsKnee ? 100 : 500, 100_000),
    seconds: count(values, 'seconds', findsKnee ? 15 : 60, findsKnee ? 60 : secondsMax),
    tool: oneOf(values, 'tool', ['own', 'k6', 'ghz']),
    scenario: oneOf(values, 'scenario', ['orders', 'predecessor']),
    protocol: oneOf(values, 'protocol', ['grpc', 'connect']),
    users: count(values, 'users', 100, 5_000),
    symbols: count(values, 'symbols', 10, 100),
    streams: count(values, 'streams', 10, 1_000, 0),
    requests: count(values, 'requests', 44_248, 10_000_000),
    p99MaxMs: count(values, 'p99', 1_000, 600_000),
    target: textOf(values, 'target') ?? '',
    data: textOf(values, 'data') ?? '.outcry',
    findsKnee,
  };
  if (findsKnee && (flags.tool === 'ghz' || flags.scenario !== 'orders'))
    throw new UsageError('--find-knee is for the scenario orders with --tool own or k6');
  if (flags.scenario === 'predecessor' && flags.tool !== 'k6')
    throw new UsageError('the scenario predecessor is for --tool k6');
  return flags;
}

type Values = Record<string, string | boolean | undefined>;

const textOf = (values: Values, name: string) => (typeof values[name] === 'string' ? values[name] : undefined);

function parse(args: readonly string[]): Values {
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const options = { ...texts, 'find-knee': { type: 'boolean' as const } };
  try {
    return parseArgs({ args: [...args], options }).values as Values;
  } catch (error) {
    const [firstSentence] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new UsageError(firstSentence);
  }
}

function count(values: Values, name: string, fallback: number, max: number, min = 1): number {
  const text = textOf(values, name);
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not '${text}'`);
}

/** The first option is the default. */
function oneOf<const T extends string>(values: Values, name: string, options: readonly [T, ...T[]]): T {
  const text = textOf(values, name) ?? options[0];
  const found = options.find((option) => option === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} takes ${options.join(' or ')}, not '${text}'`);
}
