import { runOpenLoop } from '../load/open-loop.ts';
import { createRandom } from '../load/random.ts';
import { poissonSchedule } from '../load/schedule.ts';
import { measureCores } from '../system/cores.ts';
import { partsOf } from '../system/parts.ts';
import { createLoadLog, doneCount, reportLoad } from './load-log.ts';
import type { Command } from './order-mix.ts';
import { type PhaseContext, reportCores } from './phases.ts';
import { openQuoteReaders } from './quote-readers.ts';

const openTimeoutMs = 20_000;
const drainMs = 10_000;
const phase = 'prices';

/** Measures the price messages that readers of the quote stream receive while orders flow. Rejects when a stream breaks. */
export async function measurePrices(
  context: PhaseContext,
  options: { streams: number; symbols: string[]; ratePerSecond: number; durationMs: number; seed: number },
): Promise<void> {
  const { client, mix, report, system, signal } = context;
  const { streams, symbols, ratePerSecond, durationMs } = options;
  report.progress(`${phase}: ${streams} streams for ${durationMs / 1_000} s`);
  using readers = await openQuoteReaders({
    host: '127.0.0.1',
    port: system.gatewayPort,
    streams,
    symbols,
    timeoutMs: openTimeoutMs,
  });
  const dueMs = poissonSchedule(ratePerSecond, durationMs, createRandom(options.seed));
  const commands = Array.from(dueMs, () => mix.next());
  const log = createLoadLog();
  const before = { messages: readers.messages(), bytes: readers.bytes() };
  const cores = await measureCores(
    () => partsOf(system.run()),
    async () => {
      const call = (index: number, dueTimeMs: number) => client.perform(commands[index] as Command, dueTimeMs, log);
      await runOpenLoop({ dueMs, call, drainMs, signal });
    },
  );
  const messages = readers.messages() - before.messages;
  const perSecond = messages / (cores.durationMs / 1_000);
  report.figure({ metric: `${phase}.streams`, value: streams, unit: 'streams' });
  report.figure({ metric: `${phase}.symbols`, value: symbols.length, unit: 'a stream' });
  report.figure({ metric: `${phase}.messages`, value: perSecond, unit: 'messages/s' });
  report.figure({ metric: `${phase}.messages_a_stream`, value: perSecond / streams, unit: 'messages/s' });
  const bytes = (readers.bytes() - before.bytes) / Math.max(1, messages);
  report.figure({ metric: `${phase}.message_size`, value: bytes, unit: 'bytes' });
  reportLoad(log, phase, cores.durationMs, report);
  reportCores(cores, phase, doneCount(log), report);
  if (readers.broken() > 0) throw new Error(`${readers.broken()} of ${streams} quote streams broke`);
}
