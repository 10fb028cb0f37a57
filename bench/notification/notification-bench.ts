import getPort from 'get-port';
import type { Bus, BusEvent } from '#platform/bus/bus.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { testServiceKeyEnv } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { type BenchPostgres, query, requireDurable, startPostgres } from '../exchange/exchange-process.ts';
import { findPgbench, runPgbench } from '../exchange/pgbench.ts';
import { measureCores } from '../system/cores.ts';
import { reportMachine } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';
import { fillingOrder, registration, restingOrder } from './order-facts.ts';
import { secondsOfTree } from './seconds-of-tree.ts';
import { startServiceProcess } from './service-process.ts';

const flags = {
  orders: {
    kind: 'count',
    default: 4_000,
    min: 10,
    max: 1_000_000,
    help: 'orders that fill; half as many more warm up',
  },
  resting: { kind: 'count', default: 20_000, min: 10, max: 1_000_000, help: 'orders that rest' },
  fills: { kind: 'count', default: 4, min: 1, max: 100, help: 'fills of an order that fills' },
  accounts: { kind: 'count', default: 200, min: 1, max: 10_000, help: 'people' },
  'pgbench-seconds': { kind: 'count', default: 10, min: 1, max: 120, help: 'length of pgbench' },
  'node-flags': { kind: 'text', default: '', help: 'flags of Node for both services, such as --cpu-prof' },
} as const;

type Context = BenchContext<typeof flags>;

/** What every phase needs. */
type Bench = Context & {
  postgresPid: number;
  databases: { notification: Database; mailbox: Database };
  bus: Bus;
  accounts: string[];
  listParts: () => { name: string; pids: number[] }[];
};

/** What comes out at the ends of the way: so many messages, and so many mails at most, as several orders of a person go in one. */
type Counts = { messages: number; mails: number };

const eventsAPage = 500;
// A look counts all rows, which must not cost much beside what is measured.
const lookMs = 500;
const silenceMs = 30_000;
const warmShare = 0.5;

/** Notification alone: facts on the bus become messages in the app and mails in the mailbox. */
export const notificationBench = defineBench({
  name: 'notification',
  summary:
    'in-app messages and mails per second of notification and mailbox, and processor time of each; pgbench beside it',
  flags,
  timeLimitMs: 20 * 60_000,
  run: measureNotification,
});

async function measureNotification(context: Context): Promise<void> {
  const { flags: values, report, signal } = context;
  requireProc();
  reportMachine(report);
  await using directory = await makeTempDirectory();
  report.progress('starting PostgreSQL, the mailbox and notification');
  await using postgres = await startPostgres(directory.path);
  await requireDurable(postgres, report);
  for (const name of ['bus', 'notification', 'mailbox']) await query(postgres.adminUrl, `CREATE DATABASE ${name}`);
  {
    await using services = await startServices(postgres, context);
    const { mailbox, notification } = services;
    const logger = createLogger({ service: 'bench', level: 'warn' });
    await using bus = await createBus({ busDatabaseUrl: postgres.urlFor('bus'), serviceName: 'bench', logger });
    const open = (name: string) =>
      openDatabase({ url: postgres.urlFor(name), applicationName: 'bench', poolMax: 1, logger });
    await using notificationRows = open('notification');
    await using mailboxRows = open('mailbox');
    const listParts = () => [
      { name: 'notification', pids: [notification.pid] },
      { name: 'mailbox', pids: [mailbox.pid] },
    ];
    const accounts = Array.from({ length: values.accounts }, () => uuidV7());
    const databases = { notification: notificationRows, mailbox: mailboxRows };
    const bench: Bench = { ...context, postgresPid: postgres.pid, databases, bus, accounts, listParts };
    await settle(bench, accounts.map(registration), { messages: accounts.length, mails: accounts.length });
    await measurePhases(bench);
  }
  await measurePgbench(context, postgres);
  signal.throwIfAborted();
}

async function startServices(postgres: BenchPostgres, { flags: values, signal }: Context) {
  const smtpPort = String(await getPort({ host: '127.0.0.1' }));
  const nodeFlags = values['node-flags'].split(' ').filter((flag) => flag !== '');
  const common = {
    // No user calls: nothing listens there. Addresses come from events.
    USER_ADDRESS: 'ipv4:127.0.0.1:1',
    BUS_DATABASE_URL: postgres.urlFor('bus'),
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    MAILBOX_SMTP_PORT: smtpPort,
  };
  const start = (name: string) =>
    startServiceProcess(name, {
      env: { ...common, ...testServiceKeyEnv(name), DATABASE_URL: postgres.urlFor(name) },
      nodeFlags,
      signal,
    });
  const stack = new AsyncDisposableStack();
  try {
    const mailbox = stack.use(await start('mailbox'));
    const notification = stack.use(await start('notification'));
    return { mailbox, notification, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function measurePhases(bench: Bench): Promise<void> {
  const { orders, resting, fills } = bench.flags;
  const eventsOf = (count: number, of: (accountId: string) => BusEvent[]) =>
    Array.from({ length: count }, (_, index) => of(bench.accounts[index % bench.accounts.length] ?? '')).flat();
  const filling = (count: number) => eventsOf(count, (accountId) => fillingOrder(accountId, fills));
  const warm = Math.ceil(orders * warmShare);
  bench.report.progress('warming up');
  await settle(bench, filling(warm), { messages: warm * (fills + 1), mails: warm });
  await measurePhase(bench, 'resting', eventsOf(resting, restingOrder), { messages: resting, mails: 0 });
  await measurePhase(bench, 'filling', filling(orders), { messages: orders * (fills + 1), mails: orders });
}

async function measurePhase(bench: Bench, phase: string, events: BusEvent[], expected: Counts): Promise<void> {
  const { report } = bench;
  report.progress(`${phase}: ${expected.messages} facts`);
  let times: Settled = { messagesMs: 0, mailsMs: 0, mails: 0 };
  const postgresBefore = secondsOfTree(bench.postgresPid);
  const cores = await measureCores(bench.listParts, async () => {
    times = await settle(bench, events, expected);
  });
  const postgresSeconds = secondsOfTree(bench.postgresPid) - postgresBefore;
  const figure = (name: string, value: number, unit: string) =>
    report.figure({ metric: `${phase}.${name}`, value, unit });
  figure('messages', (1_000 * expected.messages) / times.messagesMs, 'messages/s');
  if (expected.mails > 0) {
    figure('mails', times.mails, 'mails');
    figure('mails_done', times.mailsMs / 1_000, 's');
  }
  const microsecondsOf = (value: number) => (value * cores.durationMs * 1_000) / events.length;
  const postgresMicroseconds = (1e6 * postgresSeconds) / events.length;
  for (const [name, value] of cores.parts) figure(`processor_${name}`, microsecondsOf(value), 'us a fact');
  figure('processor_postgres', postgresMicroseconds, 'us a fact');
  figure('processor', microsecondsOf(cores.system) + postgresMicroseconds, 'us a fact');
}

/** How long after the first publication all had come out, and in how many mails. */
type Settled = { messagesMs: number; mailsMs: number; mails: number };

/** Publishes the events and waits until all that they lead to is stored. Rejects when there is more, or when nothing comes any more. */
async function settle(bench: Bench, events: BusEvent[], expected: Counts): Promise<Settled> {
  const { notification, mailbox } = bench.databases;
  const countMessages = () => countRows(notification, 'message');
  const countMails = () => countRows(mailbox, 'mail');
  const messagesEnd = (await countMessages()) + expected.messages;
  const mailsBefore = await countMails();
  const startMs = performance.now();
  for (let start = 0; start < events.length; start += eventsAPage) {
    await bench.bus.publish(events.slice(start, start + eventsAPage));
  }
  await waitForCount(countMessages, messagesEnd, bench.signal);
  const messagesMs = performance.now() - startMs;
  // Each fact has made its row by now, so that none waits when all were mailed.
  const countNotWaiting = async () => -(await countRows(notification, `delivery WHERE state = 'waiting'`));
  await waitForCount(countNotWaiting, 0, bench.signal);
  const mailsMs = performance.now() - startMs;
  const mails = (await countMails()) - mailsBefore;
  if ((await countMessages()) > messagesEnd || mails > expected.mails) throw new Error('something came twice');
  if (expected.mails > 0 && mails === 0) throw new Error('no mail came');
  return { messagesMs, mailsMs, mails };
}

async function waitForCount(countNow: () => Promise<number>, end: number, signal: AbortSignal): Promise<void> {
  let last = 0;
  let changedMs = performance.now();
  for (let count = await countNow(); count < end; count = await countNow()) {
    signal.throwIfAborted();
    if (count !== last) changedMs = performance.now();
    if (performance.now() - changedMs > silenceMs) throw new Error(`stuck at ${count} of ${end} rows`);
    last = count;
    await pause(lookMs, signal);
  }
}

async function countRows(database: Database, from: string): Promise<number> {
  const { rows } = await database.query<{ count: bigint }>(`SELECT count(*) FROM ${from}`);
  return Number(rows[0]?.count ?? 0);
}

async function measurePgbench({ flags: values, report, signal }: Context, postgres: BenchPostgres): Promise<void> {
  const program = findPgbench();
  if (program === undefined) {
    report.figure({ metric: 'pgbench.tpcb', value: 'skipped', unit: 'pgbench is not installed' });
    return;
  }
  report.progress('pgbench TPC-B of the same PostgreSQL');
  const value = await runPgbench(program, postgres, { seconds: values['pgbench-seconds'], signal });
  report.figure({ metric: 'pgbench.tpcb', value, unit: 'transactions/s' });
}
