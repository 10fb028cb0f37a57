import { join } from 'node:path';
import { type BenchContext, defineBench } from '../bench.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { pssMib, requireProc } from '../system/processes.ts';
import type { PartTasks, Ports } from './parts.ts';
import { type Phase, phases } from './phases.ts';
import type { ReaderTasks } from './readers.ts';

const flags = {
  seconds: { kind: 'count', default: 10, min: 1, max: 300, help: 'length of each phase' },
  browsers: { kind: 'count', default: 10_000, min: 1, max: 18_000, help: 'streams of the phase `browsers`' },
  phases: { kind: 'text', default: '', help: 'phases by name, with commas between; all by default' },
  profile: { kind: 'text', default: '', help: 'folder for a cpuprofile of each server in each phase' },
} as const;

type Context = BenchContext<typeof flags>;
type Server = { name: 'gateway' | 'connect_node'; helper: Helper<PartTasks>; ports: Ports; source: Helper<PartTasks> };

const partScript = new URL('./parts.ts', import.meta.url);
const readerScript = new URL('./readers.ts', import.meta.url);
const warmUpSeconds = 3;

/** What streams of prices cost the gateway, beside a handler of connect-node that makes the same messages in its own process. */
export const streamsBench = defineBench({
  name: 'streams',
  summary:
    'processor time, delay and memory of streams of prices at the gateway, beside a plain handler of connect-node',
  flags,
  timeLimitMs: 30 * 60_000,
  run: async (context) => {
    requireProc();
    reportMachine(context.report);
    const asked = context.flags.phases === '' ? undefined : new Set(context.flags.phases.split(','));
    for (const phase of phases(context.flags.browsers)) {
      if (asked !== undefined && !asked.has(phase.name)) continue;
      for (const name of ['gateway', 'connect_node'] as const) {
        if (phase.isOfGatewayOnly && name !== 'gateway') continue;
        await measure(name, phase, context);
      }
    }
  },
});

/** Starts a server of its own for each phase, so that none has the memory of another. */
async function measure(name: Server['name'], phase: Phase, context: Context): Promise<void> {
  const { report, signal } = context;
  signal.throwIfAborted();
  report.progress(`${phase.name}, ${name}`);
  await using market = startHelper<PartTasks>(partScript);
  await using helper = startHelper<PartTasks>(partScript);
  await using readers = startHelper<ReaderTasks>(readerScript);
  await using slow = startHelper<ReaderTasks>(readerScript);
  const ports =
    name === 'gateway'
      ? await helper.ask('startGateway', { address: await market.ask('startMarket', undefined) })
      : await helper.ask('startPlain', undefined);
  const source = name === 'gateway' ? market : helper;
  const port = phase.protocol === 'grpc' ? ports.http2 : ports.http1;
  const emptyMib = pssMib(helper.pid);
  await readers.ask('open', { protocol: phase.protocol, port, lists: phase.lists });
  await source.ask('setPace', (name === 'connect_node' && phase.plainPace) || phase.pace);
  const prefix = `${phase.name}.${name}`;
  const server: Server = { name, helper, ports, source };
  await readers.ask('measure', { seconds: warmUpSeconds, sampleEvery: 100 });
  await measureOnce(prefix, { server, readers, phase }, context);
  report.figure({ metric: `${prefix}.memory`, value: pssMib(helper.pid), unit: 'MiB PSS' });
  report.figure({ metric: `${prefix}.memory_empty`, value: emptyMib, unit: 'MiB PSS' });
  if (phase.slowBytes === undefined) return;
  const beforeMib = pssMib(helper.pid);
  await slow.ask('openSlow', { port: ports.http2, symbols: phase.lists[0] ?? [], bytesPerRead: phase.slowBytes });
  await measureOnce(`${prefix}_slow`, { server, readers, phase }, context);
  report.figure({ metric: `${prefix}_slow.memory_growth`, value: pssMib(helper.pid) - beforeMib, unit: 'MiB PSS' });
}

type Measured = { server: Server; readers: Helper<ReaderTasks>; phase: Phase };

async function measureOnce(prefix: string, { server, readers, phase }: Measured, context: Context): Promise<void> {
  const { report, flags: values } = context;
  const { helper } = server;
  if (values.profile !== '') await helper.ask('startProfile', undefined);
  const before = await helper.ask('usage', undefined);
  const startMs = performance.now();
  const seen = await readers.ask('measure', { seconds: values.seconds, sampleEvery: phase.sampleEvery });
  const tookMicros = (performance.now() - startMs) * 1_000;
  const micros = (await helper.ask('usage', undefined)).micros - before.micros;
  if (values.profile !== '') await helper.ask('writeProfile', join(values.profile, `${prefix}.cpuprofile`));
  if (seen.broken > 0) throw new Error(`${prefix}: ${seen.broken} streams broke`);
  const figures: [string, number, string][] = [
    ['rate', seen.perSecond, 'messages/s'],
    ['processor', (100 * micros) / tookMicros, '% of a core'],
    ['processor_a_message', micros / Math.max(1, seen.messages), 'us'],
    ['p50', seen.ages.p50, 'ms'],
    ['p99', seen.ages.p99, 'ms'],
  ];
  for (const [metric, value, unit] of figures) report.figure({ metric: `${prefix}.${metric}`, value, unit });
}
