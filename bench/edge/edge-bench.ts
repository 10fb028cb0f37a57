import { type BenchContext, defineBench } from '../bench.ts';
import { medianOf } from '../load/median.ts';
import { reportMachine } from '../system/machine.ts';
import { requireProc } from '../system/processes.ts';
import {
  type Attack,
  type Attacked,
  leaveAlone,
  measureAttack,
  openManyStreams,
  resetCalls,
  serverKinds,
  startServers,
} from './measure-attack.ts';
import type { ServerKind } from './servers.ts';

const flags = {
  seconds: { kind: 'count', default: 6, min: 1, max: 60, help: 'length of each phase' },
  rounds: { kind: 'count', default: 5, min: 1, max: 20, help: 'how often each phase is run; the median counts' },
  calls: { kind: 'count', default: 100, min: 1, max: 1_000, help: "the other caller's calls a second" },
  resets: { kind: 'count', default: 500, min: 1, max: 10_000, help: 'calls a second that the attacker resets' },
  streams: { kind: 'count', default: 1_000, min: 1, max: 5_000, help: 'streams that the attacker opens at once' },
} as const;

type Context = BenchContext<typeof flags>;
type Phase = { name: string; attack: Attack };
type Rounds = Record<ServerKind, Attacked[]>;

const targets = { resetRatio: 3, streamsMs: 300 };
const resetAfterMs = 5;

/** What one client can do to another at the gateway, beside a node:http2 server in the same run. */
export const edgeBench = defineBench({
  name: 'edge',
  summary: "another caller's latency while one client resets its calls or opens a thousand streams, beside node:http2",
  flags,
  timeLimitMs: 30 * 60_000,
  run: measureEdge,
});

async function measureEdge(context: Context): Promise<void> {
  const { flags: values, report } = context;
  requireProc();
  reportMachine(report);
  const durationMs = values.seconds * 1_000;
  const perSecond = values.resets;
  await using servers = await startServers();
  const run = async ({ name, attack }: Phase) => {
    const rounds: Rounds = { plain: [], gateway: [] };
    // In turns, so that both meet the same machine.
    for (let round = 1; round <= values.rounds; round++) {
      for (const server of servers.all) {
        report.progress(`${name}, ${server.kind}, round ${round}`);
        const options = { callsPerSecond: values.calls, durationMs, signal: context.signal };
        rounds[server.kind].push(await measureAttack(server, attack, options));
      }
    }
    return rounds;
  };
  await run({ name: 'warm-up', attack: leaveAlone });
  reportPhase('alone', await run({ name: 'alone', attack: leaveAlone }), context);
  const atOnce = await run({ name: 'resets_at_once', attack: resetCalls({ perSecond, durationMs, resetAfterMs: 0 }) });
  reportPhase('resets_at_once', atOnce, context);
  const value = middleOf(atOnce.gateway, 'p99') / middleOf(atOnce.plain, 'p99');
  const resetTarget = { what: 'target, at most', value: targets.resetRatio };
  report.figure({ metric: 'resets_at_once.p99_ratio', value, unit: '', against: resetTarget });
  const later = await run({ name: 'resets_later', attack: resetCalls({ perSecond, durationMs, resetAfterMs }) });
  reportPhase('resets_later', later, context);
  const rounds = await run({ name: 'streams', attack: openManyStreams({ count: values.streams, durationMs }) });
  reportPhase('streams', rounds, context);
  const against = { what: 'target, at most', value: targets.streamsMs };
  report.figure({ metric: 'streams.longest', value: middleOf(rounds.gateway, 'max'), unit: 'ms', against });
}

function reportPhase(name: string, rounds: Rounds, { report }: Context): void {
  for (const key of ['p50', 'p99', 'max', 'processorMs'] as const) {
    const against = { what: 'node:http2', value: middleOf(rounds.plain, key) };
    const metric = `${name}.${key === 'processorMs' ? 'processor' : key}`;
    report.figure({ metric, value: middleOf(rounds.gateway, key), unit: 'ms', against });
  }
  for (const kind of serverKinds) {
    if (name.startsWith('resets')) {
      report.figure({
        metric: `${name}.begun_${kind}`,
        value: middleOf(rounds[kind], 'attackersBegun'),
        unit: 'calls',
      });
    }
    for (const [what, value] of Object.entries(rounds[kind].at(-1)?.outcome ?? {})) {
      report.figure({ metric: `${name}.${what}_${kind}`, value, unit: '' });
    }
  }
}

function middleOf(rounds: readonly Attacked[], key: Exclude<keyof Attacked, 'outcome'>): number {
  return medianOf(rounds.map((round) => round[key]));
}
