import { pause } from '#platform/time/pause.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { query, requireDurable, startPostgres } from '../exchange/exchange-process.ts';
import { findPgbench, runPgbench } from '../exchange/pgbench.ts';
import { measureCores } from '../system/cores.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import { reportMachine } from '../system/machine.ts';
import { listProcesses, requireProc, treeOf } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import type { ConsumerTasks } from './consumer.ts';
import type { PublisherTasks, PublishLoad } from './publisher.ts';

const flags = {
  seconds: { kind: 'count', default: 8, min: 1, max: 120, help: 'how long each phase publishes; pgbench runs as long' },
  page: { kind: 'count', default: 500, min: 1, max: 1_000, help: 'events of a call of the bus or a transaction' },
  payload: { kind: 'count', default: 200, min: 0, max: 100_000, help: 'bytes of an event' },
} as const;

type Context = BenchContext<typeof flags>;

type Parts = {
  publisher: Helper<PublisherTasks>;
  consumer: Helper<ConsumerTasks>;
  postgresPid: number;
};

const type = 'outcry.bench.v1.Happened';
const targetRate = 20_000;
const warmUpMs = 2_000;
const lookMs = 10;
const drainTimeoutMs = 60_000;

/** The bus alone: from a publisher to the inbox of a consumer. */
export const busBench = defineBench({
  name: 'bus',
  summary: 'events a second from a publisher through the PostgreSQL bus into an inbox; pgbench beside it',
  flags,
  timeLimitMs: 10 * 60_000,
  run: measureBus,
});

async function measureBus(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting PostgreSQL');
  await using postgres = await startPostgres(directory.path);
  await requireDurable(postgres, report);
  for (const name of ['bus', 'publisher', 'consumer']) await query(postgres.adminUrl, `CREATE DATABASE ${name}`);
  {
    await using publisher = startHelper<PublisherTasks>(new URL('./publisher.ts', import.meta.url));
    await using consumer = startHelper<ConsumerTasks>(new URL('./consumer.ts', import.meta.url));
    const busUrl = postgres.urlFor('bus');
    await publisher.ask('connect', { busUrl, databaseUrl: postgres.urlFor('publisher') });
    await consumer.ask('consume', { busUrl, databaseUrl: postgres.urlFor('consumer'), type });
    const parts = { publisher, consumer, postgresPid: postgres.pid };
    report.progress('warming up');
    await publishAll(parts, 'publish', loadOf(values, warmUpMs));
    await measurePhase(context, parts, 'publish');
    await measurePhase(context, parts, 'writeOutbox');
  }
  await measurePgbench(context, (program) => runPgbench(program, postgres, { seconds: values.seconds, signal }));
}

function loadOf({ page, payload }: Context['flags'], durationMs: number): PublishLoad {
  return { durationMs, pageSize: page, payloadBytes: payload, type };
}

/** Publishes, and waits until the consumer has handled everything. */
async function publishAll(
  { publisher, consumer }: Parts,
  task: 'publish' | 'writeOutbox',
  load: PublishLoad,
): Promise<{ events: number; pages: number; behindMs: number }> {
  const before = await consumer.ask('handled', {});
  const events = await publisher.ask(task, load);
  const publishedTimeMs = performance.now();
  for (;;) {
    const after = await consumer.ask('handled', {});
    const behindMs = performance.now() - publishedTimeMs;
    const handled = after.events - before.events;
    if (handled === events) return { events, pages: after.pages - before.pages, behindMs };
    if (handled > events) throw new Error(`${handled} events were handled, and ${events} published`);
    if (behindMs > drainTimeoutMs) throw new Error(`only ${handled} of ${events} events were handled`);
    await pause(lookMs);
  }
}

async function measurePhase(context: Context, parts: Parts, task: 'publish' | 'writeOutbox'): Promise<void> {
  const { flags: values, report } = context;
  const phase = task === 'publish' ? 'log' : 'outbox';
  report.progress(`${phase}: pages of ${values.page} events for ${values.seconds} s`);
  const listParts = () => [
    { name: 'postgres', pids: treeOf(parts.postgresPid, listProcesses()) },
    { name: 'publisher', pids: [parts.publisher.pid] },
    { name: 'consumer', pids: [parts.consumer.pid] },
  ];
  let result = { events: 0, pages: 0, behindMs: 0 };
  const cores = await measureCores(listParts, async () => {
    result = await publishAll(parts, task, loadOf(values, values.seconds * 1_000));
  });
  const { events, pages, behindMs } = result;
  const figure = (name: string, value: number, unit: string) =>
    report.figure({ metric: `${phase}.${name}`, value, unit });
  const against = { what: 'target, at least', value: targetRate };
  report.figure({ metric: `${phase}.events`, value: (1_000 * events) / cores.durationMs, unit: 'events/s', against });
  figure('events_a_page', events / pages, 'events a transaction of the consumer');
  figure('consumer_behind', behindMs, 'ms at the end');
  for (const [name, value] of cores.parts) {
    figure(`processor_${name}`, (value * cores.durationMs * 1_000) / events, 'us an event');
  }
  figure('processor', (cores.system * cores.durationMs * 1_000) / events, 'us an event');
  for (const [name, value] of cores.parts) figure(`cores_${name}`, value, 'cores');
  figure('cores_others', cores.others + cores.generator, 'cores');
}

async function measurePgbench({ report }: Context, run: (program: string) => Promise<number>): Promise<void> {
  const program = findPgbench();
  if (program === undefined) {
    report.figure({ metric: 'pgbench.tpcb', value: 'skipped', unit: 'pgbench is not installed' });
    return;
  }
  report.progress('pgbench TPC-B of the same PostgreSQL');
  report.figure({ metric: 'pgbench.tpcb', value: await run(program), unit: 'transactions/s' });
}
