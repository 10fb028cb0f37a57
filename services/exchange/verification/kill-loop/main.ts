/**
 * `npm run exchange:kill -- --times 100`: kills the exchange under load, on a PostgreSQL of its own with durable settings, and prints the
 * result. Exit code 1 when an order was lost or an event repeated or changed.
 *
 *   --times N      kills, default 100
 *   --seed S       seed of the times between kills, default 1
 *   --processes P  processes of the shard, default 2: a leader and standbys
 */
import { parseArgs } from 'node:util';
import { startTestPostgres } from '#platform/testing/postgres.ts';
import { type Kill, runKillLoop } from './kill-loop.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
  },
});

function describe({ number, wasServing, untilAnswerMs }: Kill): string {
  return `${number}: killed ${wasServing ? 'the leader' : 'a standby'}, next answer after ${Math.round(untilAnswerMs)} ms`;
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

await using postgres = await startTestPostgres({ durable: true });
const databaseUrl = await postgres.createDatabase('exchange');
const { kills, acknowledged, unanswered, events } = await runKillLoop({
  databaseUrl,
  times: Number(values.times),
  durationMsMax: 3_600_000,
  seed: Number(values.seed),
  processCount: Number(values.processes),
  onKill: (kill) => console.log(describe(kill)),
});
const times = kills.filter(({ wasServing }) => wasServing).map(({ untilAnswerMs }) => untilAnswerMs);
times.sort((a, b) => a - b);
console.log(
  `${kills.length} kills, ${acknowledged} acknowledged orders, all there; ${unanswered} calls without an answer; ${events} events, none changed, no gap`,
);
console.log(
  `orders were accepted again after ${quantile(times, 0.5)} ms (median of ${times.length} kills of the leader), ${quantile(times, 1)} ms at most`,
);
