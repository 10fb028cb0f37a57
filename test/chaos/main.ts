// `npm run chaos`: traffic, faults, verdict. See README.md.
import { services } from '../../supervisor/index.ts';
import { runPoints } from './crash-points/run-points.ts';
import { type ChaosFlags, chaosUsage, parseChaosFlags } from './flags.ts';
import { describeFindings } from './judge/finding.ts';
import { chooseVictims } from './run/choose-victims.ts';
import { runChaos } from './run/run-chaos.ts';
import { describeCounts, describeTraffic, describeVerdict } from './run/verdict.ts';
import { describeFault, type PlannedFault } from './schedule/faults.ts';
import { planFaults } from './schedule/plan-faults.ts';
import { type ChaosSystem, startChaosSystem } from './system/chaos-system.ts';
import { linkNames } from './system/links.ts';

const symbols = 4;
const mibOfCall = 0.02;
const diskMibMin = 2_048;

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const flags = parseChaosFlags(process.argv.slice(2));
  if (flags.help) return print(chaosUsage) ?? 0;
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
  if (flags.points !== undefined) return enumeratePoints(flags.points, interrupt.signal);
  const plan = planOf(flags);
  print(
    `chaos: seed ${flags.seed}, ${flags.kills} kills, ${plan.length} faults in ${flags.minutes.toFixed(1)} minutes`,
  );
  for (const fault of plan) print(describeFault(fault));
  if (flags.plan) return 0;
  const { kills, rate, minutes, replicas, bus } = flags;
  const diskMib = Math.ceil(diskMibMin + mibOfCall * rate * minutes * 60);
  await using target = await startChaosSystem({ replicas, bus, diskMib, save: flags.save });
  if (flags.save) print(`Data, logs and the clients' records stay in ${target.folder}`);
  if (target.disk === undefined && kills > 0) print('The disk is not filled: no file system can be mounted here');
  const result = await runChaos({
    ...{
      target,
      plan: possible(plan, target),
      durationMs: minutes * 60_000,
      ratePerSecond: rate,
      users: flags.users,
      symbols,
      seed: flags.seed,
      quietMsMax: flags.quietSeconds * 1_000,
    },
    signal: interrupt.signal,
    onFault: (record) => print(`${describeFault(record)}${record.failure ? `  FAILED: ${record.failure}` : ''}`),
    onProgress: print,
  });
  for (const line of [...describeCounts(result.faults), ...describeTraffic(result)]) print(line);
  for (const line of describeVerdict(result, flags.seed)) print(line);
  return result.findings.length === 0 ? 0 : 1;
}

/** One process of each service, so that it is known which one passes a point. */
async function enumeratePoints(every: number, signal: AbortSignal): Promise<number> {
  await using target = await startChaosSystem({ replicas: 1, points: true });
  const { total, reached, missed, findings } = await runPoints({ target, every, signal, onProgress: print });
  for (const line of describeFindings(findings)) print(line);
  const verdict = findings.length === 0 ? 'PASSED' : `FAILED with ${findings.length} findings`;
  print(
    `crash points: ${verdict}: ${total} in the day, ${reached} ended a process, ${missed.length} were not passed again`,
  );
  return findings.length === 0 ? 0 : 1;
}

/** The schedule depends on the flags alone, so that it is the same on every machine. */
function planOf({ kills, seed, minutes, only, bus, replicas }: ChaosFlags): PlannedFault[] {
  const running = services.filter(({ name }) => name !== 'simulator');
  const counts = Object.fromEntries(running.map(({ name, replicasMax }) => [name, Math.min(replicasMax, replicas)]));
  const links = linkNames((name) => counts[name] ?? 1);
  const victims = chooseVictims({ replicas: counts, links, disk: true, bus }, only);
  return planFaults({ seed, kills, durationMs: minutes * 60_000, victims });
}

function possible(plan: readonly PlannedFault[], { disk }: ChaosSystem): PlannedFault[] {
  return plan.filter(({ kind }) => kind !== 'full' || disk !== undefined);
}

process.exit(
  await main().catch((error: unknown) => {
    print(error instanceof Error ? error.message : String(error));
    return 2;
  }),
);
