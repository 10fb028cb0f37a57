import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { createHttpPool } from '../load/http-pool.ts';
import { createRandom } from '../load/random.ts';
import { logInAdministrator, requireCleanAudit } from '../system/administrator.ts';
import { reportMachine, reportPostgres } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { openMarketPlace } from './market-place.ts';
import { createOrderClient } from './order-client.ts';
import { createOrderMix } from './order-mix.ts';
import { measureOpenLoop, measureSaturation, type PhaseContext, warmUp } from './phases.ts';
import { measurePrices } from './price-phase.ts';

const flags = {
  seconds: { kind: 'count', default: 15, min: 1, max: 120, help: 'length of each phase' },
  traders: { kind: 'count', default: 20, min: 1, max: 500, help: 'accounts that place orders' },
  symbols: { kind: 'count', default: 10, min: 1, max: 100, help: 'books that they trade in' },
  callers: { kind: 'count', default: 64, min: 1, max: 512, help: 'concurrent callers of the saturation phase' },
  streams: { kind: 'count', default: 100, min: 1, max: 2_000, help: 'readers of the quote stream' },
  seed: { kind: 'count', default: 1, min: 0, max: 1_000_000, help: 'seed of the commands and of their times' },
} as const;

type Context = BenchContext<typeof flags>;

const sharesOfMaximum = [25, 50, 80];
const pricesShare = 50;
const connectionsMax = 1_024;
const queueLengthMax = 100_000;
const callTimeoutMs = 30_000;
// The gateway limits the calls a second of an account; here a few accounts send the load of many.
const unlimited = { GATEWAY_CALLS_PER_SECOND_MAX: '1000000', GATEWAY_CALLS_BURST_MAX: '1000000' };

/** Orders and prices through the gateway. */
export const baselineBench = defineBench({
  name: 'baseline',
  summary:
    'orders per second and the latency of PlaceOrder (open loop), price messages per second, through the gateway',
  flags,
  timeLimitMs: 30 * 60_000,
  run: measureBaseline,
});

async function measureBaseline(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  requireProc();
  reportMachine(report);
  // The generator shares the cores with the system; cores_generator reports its part.
  report.figure({ metric: 'machine.generator', value: 'shares the cores', unit: '' });
  await using directory = await makeTempDirectory();
  report.progress('starting');
  await using system = await startSystem({
    throughNpm: true,
    dataDirectory: directory.path,
    flags: ['--no-simulator'],
    env: unlimited,
    signal,
  });
  await reportPostgres(system, report);
  report.figure({ metric: 'load.traders', value: values.traders, unit: 'people' });
  report.figure({ metric: 'load.symbols', value: values.symbols, unit: 'books' });
  await measurePhases(context, system);
  await requireCleanAudit(system, report);
}

async function measurePhases({ flags: values, report, signal }: Context, system: RunningSystem): Promise<void> {
  const { seed, callers } = values;
  const durationMs = values.seconds * 1_000;
  report.progress('opening books and accounts');
  const { traders, symbols } = await openMarketPlace({
    gatewayUrl: system.gatewayUrl,
    administrator: await logInAdministrator(system),
    traders: values.traders,
    symbols: values.symbols,
  });
  // Services copy accounts and instruments within milliseconds.
  await sleep(1_000, undefined, { signal });
  using pool = createHttpPool({
    host: '127.0.0.1',
    port: system.gatewayPort,
    connectionsMax,
    queueLengthMax,
    timeoutMs: callTimeoutMs,
  });
  const random = createRandom(seed);
  const mix = createOrderMix({ random, traders: traders.length, symbols, keyPrefix: 'bench' });
  const client = createOrderClient({ pool, authority: `127.0.0.1:${system.gatewayPort}`, traders, mix, random });
  const phases: PhaseContext = { system, client, mix, report, signal };
  await warmUp(phases, { traders: traders.length, callers });
  const maximum = await measureSaturation(phases, { callers, durationMs });
  for (const share of sharesOfMaximum) {
    const ratePerSecond = (maximum * share) / 100;
    await measureOpenLoop(phases, { phase: `open_loop_${share}`, ratePerSecond, durationMs, seed: seed + share });
  }
  const ratePerSecond = (maximum * pricesShare) / 100;
  await measurePrices(phases, { streams: values.streams, symbols, ratePerSecond, durationMs, seed });
}
