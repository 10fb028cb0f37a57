/** Kills processes of the exchange at random moments under load, repeatedly, and compares their answers with the feed. */
import { pause } from '#platform/time/pause.ts';
import { type ExchangeProcess, startProcess, untilServing } from '../../testing/exchange-process.ts';
import { emptyReport, sendOrders } from '../../testing/load.ts';
import { acme, readFeed } from '../../testing/requests.ts';
import { connectExchange } from '../../testing/running-exchange.ts';
import { RandomSource } from '../random/random-source.ts';
import { recordFeed } from './feed-recorder.ts';

/** How to run the loop. */
export type KillLoopOptions = {
  databaseUrl: string;
  /** Greatest number of kills. */
  times: number;
  /** No kill begins after this time. */
  durationMsMax: number;
  /** Seed of the times between kills. */
  seed: number;
  /** Processes that share the shard. */
  processCount: number;
  onKill?: (kill: Kill) => void;
};

/** One kill. */
export type Kill = { number: number; wasServing: boolean; untilAnswerMs: number };

/** The result of a run. */
export type KillReport = { kills: Kill[]; acknowledged: number; unanswered: number; events: number };

const settings = { EXCHANGE_SNAPSHOT_EVENTS_MAX: '5000', EXCHANGE_SNAPSHOT_INTERVAL_MIN_MS: '0' };
const delayMsMax = 600;
const load = { callers: 3, ordersPerCall: 20, pauseMs: 20, timeoutMs: 20_000 };

/** Runs the loop. Rejects when an acknowledged order is not on the feed, or the feed has a gap, a repeat or a changed event. */
export async function runKillLoop(options: KillLoopOptions): Promise<KillReport> {
  const { databaseUrl, times, durationMsMax, seed, processCount, onKill } = options;
  const random = new RandomSource(seed);
  const processes: ExchangeProcess[] = [];
  const start = async (port?: number) => startProcess(databaseUrl, { port, env: settings });
  for (let i = 0; i < processCount; i++) processes.push(await start());
  await using clients = connectExchange(...processes.map(({ port }) => port));
  const stop = new AbortController();
  try {
    await untilServing(clients);
    await clients.market.listSymbol({ listing: acme });
    const recorder = recordFeed(clients);
    const report = emptyReport();
    const sending = sendOrders(clients, { ...load, signal: stop.signal }, report);
    const endTimeMs = performance.now() + durationMsMax;
    const kills: Kill[] = [];
    while (kills.length < times && performance.now() < endTimeMs) {
      await pause(random.below(delayMsMax));
      const servingPort = await findServing(processes);
      // Mostly the leader; sometimes another one, which may be following or about to take over.
      const index = random.percent(80) ? processes.findIndex(({ port }) => port === servingPort) : -1;
      const victim = processes.at(index) as ExchangeProcess;
      const killTimeMs = performance.now();
      victim.child.kill('SIGKILL');
      await victim.exited;
      processes[processes.indexOf(victim)] = await start(victim.port);
      while (report.lastTimeMs <= killTimeMs) await pause(2);
      const kill = {
        number: kills.length + 1,
        wasServing: victim.port === servingPort,
        untilAnswerMs: report.lastTimeMs - killTimeMs,
      };
      kills.push(kill);
      onKill?.(kill);
    }
    stop.abort();
    await sending;
    const { headSequence } = await clients.order.getShard({ shard: 0 }, { timeoutMs: 20_000 });
    while (recorder.last() < headSequence) await pause(20);
    await recorder.stop();
    const feed = await readFeed(clients, 0n, headSequence);
    recorder.assertSame(feed);
    assertAllThere(feed, report.acknowledged);
    const { acknowledged, failures } = report;
    return { kills, acknowledged: acknowledged.length, unanswered: failures.length, events: feed.length };
  } finally {
    stop.abort();
    for (const each of processes) each[Symbol.dispose]();
  }
}

async function findServing(processes: readonly ExchangeProcess[]): Promise<number | undefined> {
  for (const { port } of processes) {
    await using clients = connectExchange(port);
    const progress = await clients.standby.getProgress({ shard: 0 }, { timeoutMs: 300 }).catch(() => undefined);
    if (progress?.serving) return port;
  }
  return undefined;
}

function assertAllThere(feed: Awaited<ReturnType<typeof readFeed>>, acknowledged: readonly string[]): void {
  const accepted = new Set<string>();
  for (const [i, { sequence, event }] of feed.entries()) {
    if (sequence !== BigInt(i + 1)) throw new Error(`the feed has a gap before ${sequence}`);
    if (event.case !== 'accepted') continue;
    const id = event.value.order?.orderId ?? '';
    if (accepted.has(id)) throw new Error(`order ${id} was accepted twice`);
    accepted.add(id);
  }
  const lost = acknowledged.filter((id) => !accepted.has(id));
  if (lost.length > 0) throw new Error(`${lost.length} acknowledged orders are lost, the first is ${lost[0]}`);
}
