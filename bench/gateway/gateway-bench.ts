import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchContext, defineBench } from '../bench.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { createCaller, type Protocol, protocols } from './callers.ts';
import type { PartTasks } from './parts.ts';

const flags = {
  seconds: { kind: 'count', default: 4, min: 1, max: 60, help: 'length of each phase' },
  callers: { kind: 'count', default: 64, min: 1, max: 512, help: 'callers at once' },
  users: { kind: 'count', default: 200, min: 1, max: 2_000, help: 'users on whose behalf they call' },
  delay: { kind: 'count', default: 0, min: 0, max: 10_000, help: 'ms after which the services answer an order' },
  profile: { kind: 'text', default: '', help: 'folder for a cpuprofile of the gateway in each phase' },
} as const;

type Context = BenchContext<typeof flags>;
type Phase = { name: string; protocol: Protocol; port: number; server: Helper<PartTasks>; tokens: readonly string[] };

/** What PlaceOrder costs at the gateway, in each protocol, beside a plain node:http server. */
export const gatewayBench = defineBench({
  name: 'gateway',
  summary: 'calls of PlaceOrder a second and processor time of the gateway for one, by protocol, beside node:http',
  flags,
  timeLimitMs: 10 * 60_000,
  run: measureGateway,
});

async function measureGateway(context: Context): Promise<void> {
  const { flags: values, report } = context;
  reportMachine(report);
  const script = new URL('./parts.ts', import.meta.url);
  await using upstream = startHelper<PartTasks>(script);
  await using gateway = startHelper<PartTasks>(script);
  await using plain = startHelper<PartTasks>(script);
  const { address, tokens } = await upstream.ask('startUpstream', { users: values.users, delayMs: values.delay });
  const gatewayPort = await gateway.ask('startGateway', { address });
  const plainPort = await plain.ask('startPlain', undefined);
  const phases: Phase[] = [
    { name: 'node_http', protocol: 'json', port: plainPort, server: plain, tokens },
    ...protocols.map((protocol) => ({ name: protocol, protocol, port: gatewayPort, server: gateway, tokens })),
  ];
  // Node compiles hot code while it runs: each phase is run once before it counts.
  for (const phase of phases) await measurePhase(phase, context, { isWarmUp: true });
  for (const phase of phases) await measurePhase(phase, context, { isWarmUp: false });
}

async function measurePhase(phase: Phase, context: Context, { isWarmUp }: { isWarmUp: boolean }): Promise<void> {
  const { flags: values, report, signal } = context;
  report.progress(`${phase.name}${isWarmUp ? ', warm-up' : ''}`);
  using caller = createCaller(phase.protocol, phase.port, phase.tokens);
  const isProfiled = values.profile !== '' && !isWarmUp;
  if (isProfiled) await phase.server.ask('startProfile', undefined);
  const startMicros = await phase.server.ask('processorMicros', undefined);
  const startMs = performance.now();
  const latenciesMs: number[] = [];
  let failed = 0;
  const call = async () => {
    const sentMs = performance.now();
    const isAnswered = await caller.call().catch(() => false);
    if (isAnswered) latenciesMs.push(performance.now() - sentMs);
    else failed += 1;
  };
  await runClosedLoop({ callers: values.callers, durationMs: values.seconds * 1_000, call, signal });
  const seconds = (performance.now() - startMs) / 1_000;
  const micros = (await phase.server.ask('processorMicros', undefined)) - startMicros;
  if (isProfiled) {
    await mkdir(values.profile, { recursive: true });
    await phase.server.ask('writeProfile', join(values.profile, `gateway-${phase.name}.cpuprofile`));
  }
  if (failed > 0) throw new Error(`${phase.name}: ${failed} calls were not answered with an order`);
  if (isWarmUp) return;
  latenciesMs.sort((a, b) => a - b);
  const calls = latenciesMs.length;
  report.figure({ metric: `${phase.name}.rate`, value: calls / seconds, unit: 'calls/s' });
  report.figure({ metric: `${phase.name}.processor`, value: micros / calls, unit: 'us/call' });
  report.figure({ metric: `${phase.name}.p50`, value: latenciesMs[calls >> 1] ?? 0, unit: 'ms' });
}
