/** One run: traffic and faults together, then quiet, then the verdict. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultRecord, runFaults } from '../faults/run-faults.ts';
import type { Finding } from '../judge/finding.ts';
import { judge, judgeEmpty, notMadeRule } from '../judge/judge.ts';
import { untilQuiet } from '../judge/quiet.ts';
import type { PlannedFault } from '../schedule/faults.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { type Market, openMarket } from '../traffic/open-market.ts';
import type { Operation } from '../traffic/operations.ts';
import { startTraffic } from '../traffic/run-traffic.ts';
import { cancelEverything, untilTimedOrdersEnded } from './end-orders.ts';

/** What to run. */
export type RunOptions = {
  target: ChaosSystem;
  plan: readonly PlannedFault[];
  /** Traffic goes on for this time, and until every fault has ended. */
  durationMs: number;
  ratePerSecond: number;
  users: number;
  symbols: number;
  seed: number;
  signal: AbortSignal;
  onFault: (record: FaultRecord) => void;
  /** A line for each step of the run. */
  onProgress: (text: string) => void;
  /** All sagas are to be final within this time of the last fault, in ms. Default 30 s. */
  quietMsMax?: number;
  /** Runs before the first fault, with traffic. */
  market?: Market;
  /** What goes wrong meanwhile; default the plan. */
  disturb?: () => Promise<FaultRecord[]>;
};

/** How it went. */
export type RunResult = {
  findings: Finding[];
  faults: FaultRecord[];
  operations: readonly Operation[];
  /** From the end of the last fault to quiet, in ms. */
  quietMs: number;
  /** What was allowed for it, in ms. */
  quietMsMax: number;
  trafficMs: number;
};

const warmUpMs = 3_000;
/** Quiet is waited for this many times the time allowed, so that what is late differs from what never ends. */
const waitFactor = 3;

const kindsOf = (open: readonly string[]) => open.join().replaceAll(/\d+/g, '');

/** Runs it. Rejects when the system cannot be used at all, or when the signal aborts. */
export async function runChaos(options: RunOptions): Promise<RunResult> {
  const { target, plan, signal, onFault, onProgress, users, symbols, quietMsMax = 30_000 } = options;
  const market = options.market ?? (await openMarket(target.system, { users, symbols }));
  onProgress(
    `${market.users.length} users trade ${market.symbols.join(', ')} at ${options.ratePerSecond} calls a second`,
  );
  const startTimeMs = performance.now();
  const traffic = startTraffic({
    market,
    gatewayUrls: target.system.gatewayUrls,
    ratePerSecond: options.ratePerSecond,
    seed: options.seed,
    kinds: 'all',
    recordPath: join(target.folder, 'client-records.jsonl'),
  });
  await sleep(warmUpMs, undefined, { signal });
  const duration = sleep(options.durationMs, undefined, { signal });
  const { disturb = () => runFaults(target, plan, { signal, onFault }) } = options;
  const [faults] = await Promise.all([disturb(), duration]);
  const lastTimeMs = performance.now();
  const trafficMs = lastTimeMs - startTimeMs;
  const finishing = traffic.finish(quietMsMax * waitFactor);
  onProgress('no more faults; waiting until everything is final');
  let lastOpen: readonly string[] = [];
  const open = await untilQuiet(
    target.system,
    () => traffic.unsettled(),
    quietMsMax * waitFactor,
    (found) => {
      const after = ((performance.now() - lastTimeMs) / 1_000).toFixed(1);
      // Once for each kind of thing that is waited for, not for each number of them.
      if (kindsOf(found) !== kindsOf(lastOpen)) onProgress(`  ${after} s  ${found.join(', ')}`);
      lastOpen = found;
    },
  );
  const quietMs = performance.now() - lastTimeMs;
  await finishing;
  const last = lastOpen.length === 0 ? 'nothing' : lastOpen.join(', ');
  onProgress(`quiet after ${(quietMs / 1_000).toFixed(1)} s, at last it waited for ${last}; judging`);
  const findings = [
    ...faults.filter(({ failure }) => failure !== undefined).map(toFinding),
    ...late(open, { quietMs, quietMsMax }),
    ...(await judgeTraffic(target, market, traffic.operations)),
  ];
  return { findings, faults, operations: traffic.operations, quietMs, quietMsMax, trafficMs };
}

/** Judges what is open, then cancels all of it, and judges that nothing is left. */
async function judgeTraffic(
  { system }: ChaosSystem,
  market: Market,
  operations: readonly Operation[],
): Promise<Finding[]> {
  const steps: (() => Promise<Finding[]>)[] = [
    () => untilTimedOrdersEnded(system, market),
    () => judge(system, { market, operations }),
    () => cancelEverything(system, market),
    () => judgeEmpty(system, market),
  ];
  const found: Finding[] = [];
  for (const step of steps)
    found.push(
      ...(await step().catch((error: Error) => [{ rule: notMadeRule, subject: 'all', detail: error.message }])),
    );
  return found;
}

function late(open: readonly string[], { quietMs, quietMsMax }: Pick<RunResult, 'quietMs' | 'quietMsMax'>): Finding[] {
  const rule = 'quiet-in-time';
  if (open.length > 0) return open.map((detail) => ({ rule, subject: 'never quiet', detail }));
  if (quietMs <= quietMsMax) return [];
  return [{ rule, subject: 'the system', detail: `quiet after ${Math.round(quietMs)} ms, ${quietMsMax} are allowed` }];
}

function toFinding({ kind, victim, failure = '' }: FaultRecord): Finding {
  return { rule: 'victim-comes-back', subject: `${kind} ${victim}`, detail: failure };
}
