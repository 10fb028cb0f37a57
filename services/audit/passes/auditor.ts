/** Runs passes, one at a time, and stores what they come to. */
import type { Bus } from '#platform/bus/bus.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { createMutex } from '#platform/concurrency/mutex.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeFeed } from '../clients/exchange-events.ts';
import type { Stores } from '../clients/stores.ts';
import { formatAmount } from '../domain/asset.ts';
import { type Finding, Findings } from '../domain/finding.ts';
import { newFindings, type Verdict } from '../domain/verdict.ts';
import { publishAuditFailed } from '../events/published.ts';
import { needs } from '../needs.ts';
import { readCheckpoint } from '../store/checkpoints.ts';
import { insertVerdict, listVerdicts, readFindings } from '../store/verdicts.ts';
import type { PassContext, PassKind } from './context.ts';
import { feedOf } from './read-cut.ts';
import { type PassResult, runPass } from './run-pass.ts';

/** A verdict and its findings, as many as are listed. */
export type PassOutcome = { verdict: Verdict; findings: Finding[] };

/** The audit. */
export type Auditor = {
  /** Runs a pass after those that run or wait. Never rejects: one that cannot be completed is a verdict too. */
  run(kind: PassKind, options?: RunOptions): Promise<PassOutcome>;
};

/** How a pass is run. */
export type RunOptions = {
  signal?: AbortSignal;
  timeoutMs?: number;
  onFinding?: (finding: Finding) => void;
  /** Filled while the pass runs: how many were checked, by name. */
  checked?: Map<string, number>;
};

/** What the audit works with. */
export type AuditorOptions = {
  db: Database;
  /** Absent: nothing is on its way by it. */
  bus?: Pick<Bus, 'findWaiting'>;
  stores: Stores;
  feed: ExchangeFeed;
  shards: readonly number[];
  logger: Logger;
  metrics: Metrics;
  nowMs: () => number;
  /** The market's clock; default that of the machine. */
  clock?: Clock | undefined;
};

const findingsMax = 1_000;
const timeoutMaxMs = 10 * 60_000;
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** An auditor over the stores. */
export function createAuditor(options: AuditorOptions): Auditor {
  const { db, logger, metrics, nowMs } = options;
  const inTurn = createMutex();
  const gauges = createGauges(metrics);
  return {
    run: (kind, { signal, timeoutMs = timeoutMaxMs, onFinding, checked = new Map<string, number>() } = {}) =>
      inTurn(async () => {
        const findings = new Findings(findingsMax, onFinding);
        const callOptions = { timeoutMs, ...(signal && { signal }) };
        const context: PassContext = { ...options, kind, findings, checked, callOptions };
        const [verdictId, startTimeMs, start] = [uuidV7(nowMs()), nowMs(), performance.now()];
        const result = await attempt(context);
        await confirm(context, logger);
        const durationMs = Math.round(performance.now() - start);
        const verdict = { verdictId, kind, startTimeMs, durationMs, ...summary(context, result) };
        await store(db, { verdict, findings: findings.listed });
        gauges.report(verdict);
        if (!verdict.clean) logger.error({ verdict, findings: findings.listed.slice(0, 20) }, 'the audit is not clean');
        return { verdict, findings: findings.listed };
      }),
  };
}

/** What the checkpoints are past is needed no more: the exchange may delete it. */
async function confirm({ db, feed, shards, callOptions }: PassContext, logger: Logger): Promise<void> {
  try {
    for (const shard of shards) {
      const { position: sequence } = await readCheckpoint(db, feedOf(shard));
      if (sequence > 0n) await feed.confirm({ shard, follower: needs.name, sequence }, callOptions);
    }
  } catch (error) {
    logger.info({ error }, 'the checkpoint could not be confirmed to the exchange; the next pass does it');
  }
}

async function attempt(context: PassContext): Promise<PassResult | Error> {
  try {
    return await runPass(context);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function summary({ findings, checked }: PassContext, result: PassResult | Error) {
  const counts = { findingsCount: findings.count, checked: Object.fromEntries(checked) };
  if (result instanceof Error) {
    const nothing = { positions: {}, ledgerSequence: '0', assets: [], oldestPassingMs: 0 };
    return { ...counts, ...nothing, clean: false, failure: result.message };
  }
  const { positions, ledgerSequence, assets, oldestPassingMs } = result;
  return {
    ...counts,
    clean: findings.count === 0,
    failure: '',
    positions: Object.fromEntries([...positions].map(([shard, position]) => [String(shard), String(position)])),
    ledgerSequence: String(ledgerSequence),
    oldestPassingMs: Number(oldestPassingMs),
    assets: assets.map(({ asset, issued, owned, held }) => ({
      asset,
      issued: formatAmount(asset, issued),
      owned: formatAmount(asset, owned),
      held: formatAmount(asset, held),
    })),
  };
}

/** Stores the verdict, and publishes what was not found before, in one transaction. */
async function store(db: Database, { verdict, findings }: PassOutcome): Promise<void> {
  await db.transaction(async (tx) => {
    const [before] = await listVerdicts(tx, { before: lastId, limit: 1, uncleanOnly: true });
    const known = before ? await readFindings(tx, before.verdictId) : [];
    await insertVerdict(tx, verdict, findings);
    if (newFindings(findings, known).length > 0) await publishAuditFailed(tx, { verdict, findings });
  });
}

function createGauges(metrics: Metrics) {
  const found = metrics.gauge({
    name: 'outcry_audit_findings',
    help: 'Findings of the last pass that was completed, by kind; alert on anything above 0',
    labels: ['kind'],
  });
  const time = metrics.gauge({
    name: 'outcry_audit_completed_timestamp_seconds',
    help: 'When the last pass was completed, by kind; alert when a light one is older than 10 minutes',
    labels: ['kind'],
  });
  const duration = metrics.histogram({
    name: 'outcry_audit_pass_duration_seconds',
    help: 'Time of passes',
    labels: ['kind', 'outcome'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  });
  return {
    report({ kind, findingsCount, failure, clean, durationMs, startTimeMs }: Verdict): void {
      const outcome = failure !== '' ? 'failed' : clean ? 'clean' : 'unclean';
      duration.observe({ kind, outcome }, durationMs / 1_000);
      if (failure !== '') return;
      found.set({ kind }, findingsCount);
      time.set({ kind }, (startTimeMs + durationMs) / 1_000);
    },
  };
}
