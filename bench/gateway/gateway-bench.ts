import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchContext, defineBench } from '../bench.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { createCaller, type Protocol, protocols } from './callers.ts';
import { measureOverload } from './overload.ts';
import type { PartTasks } from './parts.ts';
import { measureRecall } from './recall.ts';

const flags = {
  seconds: { kind: 'count', default: 4, min: 1, max: 60, help: 'length of each phase' },
  callers: { kind: 'count', default: 64, min: 1, max: 512, help: 'callers at once' },
  users: { kind: 'count', default: 200, min: 1, max: 2_000, help: 'users on whose behalf they call' },
  capacity: {
    kind: 'count',
    default: 500,
    min: 0,
    max: 100_000,
    help: 'orders a second of the slow order service (0: no such phase)',
  },
  profile: { kind: 'text', default: '', help: 'folder for a cpuprofile of the gateway in each phase' },
} as const;

type Context = BenchContext<typeof flags>;
type Phase = { name: string; protocol: Protocol; port: number; server: Helper<PartTasks>; tokens: readonly string[] };

const script = new URL('./parts.ts', import.meta.url);

/** What PlaceOrder costs at the gateway, in each protocol and with API keys, beside a plain node:http server; and what it does under overload. */
export const gatewayBench = defineBench({
  name: 'gateway',
  summary:
    'processor time of the gateway for a PlaceOrder, by protocol, beside node:http; goodput and refusals at twice the capacity',
  flags,
  timeLimitMs: 10 * 60_000,
  run: async (context) => {
    reportMachine(context.report);
    await measureRecall(context.report);
    await measureCost(context);
    if (context.flags.capacity > 0) await measureSlowOrders(context);
  },
});

async function measureCost(context: Context): Promise<void> {
  const { users } = context.flags;
  await using upstream = startHelper<PartTasks>(script);
  await using gateway = startHelper<PartTasks>(script);
  await using plain = startHelper<PartTasks>(script);
  const { address, tokens, keys, boundKeys } = await upstream.ask('startUpstream', { users, perSecond: 0 });
  const gatewayPort = await gateway.ask('startGateway', { address });
  const plainPort = await plain.ask('startPlain', undefined);
  const phases: Phase[] = [
    { name: 'node_http', protocol: 'json', port: plainPort, server: plain, tokens },
    ...protocols.map((protocol) => ({ name: protocol, protocol, port: gatewayPort, server: gateway, tokens })),
    { name: 'json_key', protocol: 'json', port: gatewayPort, server: gateway, tokens: keys },
    { name: 'json_bound_key', protocol: 'json', port: gatewayPort, server: gateway, tokens: boundKeys },
  ];
  // Node compiles hot code while it runs: each phase is run once before it counts.
  for (const phase of phases) await measurePhase(phase, context, { isWarmUp: true });
  for (const phase of phases) await measurePhase(phase, context, { isWarmUp: false });
}

async function measurePhase(phase: Phase, context: Context, { isWarmUp }: { isWarmUp: boolean }): Promise<void> {
  const { name, server } = phase;
  const { flags: values, report, signal } = context;
  report.progress(`${name}${isWarmUp ? ', warm-up' : ''}`);
  using caller = createCaller(phase.protocol, phase.port, phase.tokens);
  const isProfiled = values.profile !== '' && !isWarmUp;
  if (isProfiled) await server.ask('startProfile', undefined);
  const startMicros = await server.ask('processorMicros', undefined);
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  let failed = 0;
  const call = async () => {
    const sentMs = performance.now();
    if ((await caller.call()) === 'placed') latenciesMs.push(performance.now() - sentMs);
    else failed += 1;
  };
  await runClosedLoop({ callers: values.callers, durationMs: values.seconds * 1_000, call, signal });
  const seconds = (performance.now() - startMs) / 1_000;
  const micros = (await server.ask('processorMicros', undefined)) - startMicros;
  if (isProfiled) {
    await mkdir(values.profile, { recursive: true });
    await server.ask('writeProfile', join(values.profile, `gateway-${name}.cpuprofile`));
  }
  if (failed > 0) throw new Error(`${name}: ${failed} calls were not answered with an order`);
  if (isWarmUp) return;
  latenciesMs.sort((a, b) => a - b);
  const calls = latenciesMs.length;
  report.figure({ metric: `${name}.rate`, value: calls / seconds, unit: 'calls/s' });
  report.figure({ metric: `${name}.processor`, value: micros / calls, unit: 'us/call' });
  report.figure({ metric: `${name}.p50`, value: latenciesMs[calls >> 1] ?? 0, unit: 'ms' });
}

async function measureSlowOrders(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  await using upstream = startHelper<PartTasks>(script);
  await using gateway = startHelper<PartTasks>(script);
  const { address, tokens } = await upstream.ask('startUpstream', { users: values.users, perSecond: values.capacity });
  const port = await gateway.ask('startGateway', { address });
  using caller = createCaller('json', port, tokens);
  const { callers, seconds } = values;
  await measureOverload({ caller, callers, durationMs: seconds * 1_000, report, signal });
}
