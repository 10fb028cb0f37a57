import { setTimeout as sleep } from 'node:timers/promises';
import {
  acme,
  connectExchange,
  createOperator,
  type ExchangeClients,
  type ExchangeProcess,
  emptyReport,
  type LoadReport,
  type Operator,
  readFeed,
  sendOrders,
  startProcess,
  untilBuilt,
  untilServing,
} from '../../services/exchange/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { startPostgres } from '../exchange/exchange-process.ts';
import { reportMachine } from '../system/machine.ts';
import { makeTempDirectory } from '../system/temp-directory.ts';

const flags = {
  rounds: { kind: 'count', default: 10, min: 1, max: 100, help: 'leaders lost in each way' },
} as const;

const betweenMs = 400;
const load = { callers: 4, ordersPerCall: 10, timeoutMs: 20_000 };

/** How long orders are not accepted when the leader of a shard is lost. */
export const failoverBench = defineBench({
  name: 'failover',
  summary: 'time without answers when the leader of a shard is handed over, ended, killed or stopped under load',
  flags,
  timeLimitMs: 10 * 60_000,
  run: measureFailover,
});

type Pair = { leader: ExchangeProcess; standby: ExchangeProcess };
type Losses = { start: (port?: number) => Promise<ExchangeProcess>; operator: Operator };

async function measureFailover({ flags: { rounds }, report, signal }: BenchContext<typeof flags>): Promise<void> {
  reportMachine(report);
  await using directory = await makeTempDirectory();
  await using postgres = await startPostgres(directory.path);
  await using operator = await createOperator();
  const env = { USER_ADDRESS: operator.userAddress };
  const processes = new Set<ExchangeProcess>();
  const start = async (port?: number) => {
    const process = await startProcess(postgres.urlFor('exchange'), { port, env });
    processes.add(process);
    await untilBuilt(process);
    return process;
  };
  const stop = new AbortController();
  try {
    const pair: Pair = { leader: await start(), standby: await start() };
    await using clients = connectExchange(pair.leader.port, pair.standby.port);
    await untilServing(clients);
    await clients.market.listSymbol({ listing: acme });
    const sent = emptyReport();
    const sending = sendOrders(clients, { ...load, signal: stop.signal }, sent);
    for (const [name, lose] of Object.entries(ways)) {
      report.progress(`${name}: ${rounds} leaders`);
      const gapsMs: number[] = [];
      for (let round = 0; round < rounds; round++) {
        await sleep(betweenMs, undefined, { signal });
        gapsMs.push(await measureGap(sent, () => lose(pair, { start, operator })));
        [pair.leader, pair.standby] = [pair.standby, pair.leader];
        await untilBuilt(pair.standby);
      }
      gapsMs.sort((a, b) => a - b);
      report.figure({ metric: `${name}.median`, value: gapsMs[gapsMs.length >> 1] ?? 0, unit: 'ms' });
      report.figure({ metric: `${name}.longest`, value: gapsMs.at(-1) ?? 0, unit: 'ms' });
    }
    stop.abort();
    await sending;
    report.figure({ metric: 'calls.failed', value: sent.failures.length, unit: 'calls' });
    await requireAll(clients, sent);
  } finally {
    stop.abort();
    for (const each of processes) each[Symbol.dispose]();
  }
}

/** Ways to lose a leader; each resolves once it is lost, and a standby again. */
const ways: Record<string, (pair: Pair, losses: Losses) => Promise<void>> = {
  handover: async ({ leader, standby }, { operator }) => {
    await using admin = operator.connect(`ipv4:${leader.address},${standby.address}`);
    await admin.handover({ shard: 0 }, { userToken: operator.token, timeoutMs: 5_000 });
  },
  sigterm: (pair, { start }) => replaceLeader(pair, 'SIGTERM', start),
  sigkill: (pair, { start }) => replaceLeader(pair, 'SIGKILL', start),
  sigstop: async ({ leader }) => {
    leader.child.kill('SIGSTOP');
    // Longer than its lease.
    await sleep(2_000);
    leader.child.kill('SIGCONT');
  },
};

async function replaceLeader(pair: Pair, how: NodeJS.Signals, start: Losses['start']): Promise<void> {
  pair.leader.child.kill(how);
  await pair.leader.exited;
  pair.leader = await start(pair.leader.port);
}

/** The longest time between two acknowledgements while the leader is lost, in milliseconds. */
async function measureGap(sent: LoadReport, lose: () => Promise<void>): Promise<number> {
  sent.longestGapMs = 0;
  await lose();
  const endTimeMs = performance.now();
  while (sent.lastTimeMs < endTimeMs) await sleep(1);
  return sent.longestGapMs;
}

/** Throws unless the feed has every acknowledged order. */
async function requireAll(clients: ExchangeClients, { acknowledged }: LoadReport): Promise<void> {
  const { headSequence } = await clients.order.getShard({ shard: 0 });
  const feed = await readFeed(clients, 0n, headSequence);
  const accepted = new Set(feed.map(({ event }) => event.case === 'accepted' && event.value.order?.orderId));
  const lost = acknowledged.filter((id) => !accepted.has(id));
  if (lost.length > 0) throw new Error(`${lost.length} acknowledged orders are lost`);
}
