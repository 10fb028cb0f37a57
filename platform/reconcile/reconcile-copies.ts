/**
 * Reconciles copies of another service's facts about accounts with their source. Copies follow the source by events; an event that ended as
 * a dead letter, or that was lost with a database, would leave its copy wrong until a person acts.
 */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { pause } from '#platform/time/pause.ts';

/** What is known of an account, at a version that the source raises with each change. */
export type AccountCopy = { accountId: string; version: bigint };

/** Where copies and source are. */
export type Reconciliation<C extends AccountCopy> = {
  /** Names the copies in metrics and log lines. */
  name: string;
  /** The versions of the copies past `afterId`, by account id and in its order; at most `limit`, and fewer at the end. */
  listVersions: (afterId: string, limit: number) => Promise<Map<string, bigint>>;
  /** What the source has of these accounts, at most `pageItemsMax`; unknown ones are left out. */
  fetch: (accountIds: string[], signal: AbortSignal) => Promise<C[]>;
  /** Stores newer copies, unless what is stored is newer still. */
  save: (copies: C[]) => Promise<void>;
  /** From the end of one pass over all copies to the begin of the next, in ms; default 60,000. */
  passPauseMs?: number;
  /** Aborts to stop. */
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

/** Copies that are compared by one call of the source. */
export const pageItemsMax = 500;

/** Between two pages, so that a pass never costs more than ten calls a second: 5,000 copies. */
const pagePauseMs = 100;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Compares all copies with their source, page by page, and again `passPauseMs` later, until the signal aborts. A page that fails is tried
 * again and holds up the pass. Runs in any number of replicas. Never rejects.
 */
export function reconcileCopies<C extends AccountCopy>(options: Reconciliation<C>): Promise<void> {
  const { name, passPauseMs = 60_000, signal, logger } = options;
  const corrected = options.metrics
    .counter({
      name: 'outcry_copies_corrected_total',
      help: 'Copies of accounts that were older than their source when they were compared. Not 0 for long: events are lost.',
      labels: ['copies'],
    })
    .labels(name);
  let afterId = firstId;
  const work = async () => {
    const versions = await options.listVersions(afterId, pageItemsMax);
    const count = await correctPage(options, versions);
    corrected.inc(count);
    if (count > 0) logger.warn({ copies: name, count }, 'copies of accounts were older than their source');
    const isMore = versions.size === pageItemsMax;
    afterId = isMore ? ([...versions.keys()].at(-1) ?? firstId) : firstId;
    if (isMore) await pause(pagePauseMs, signal);
    return isMore;
  };
  return runPeriodically({ name: `reconcile ${name}`, work, pauseMs: passPauseMs, pauseFirst: true, signal, logger });
}

/** Stores what the source has newer; returns how many that were. */
async function correctPage<C extends AccountCopy>(
  { fetch, save, signal }: Reconciliation<C>,
  versions: Map<string, bigint>,
): Promise<number> {
  if (versions.size === 0) return 0;
  const facts = await fetch([...versions.keys()], signal);
  const newer = facts.filter(({ accountId, version }) => version > (versions.get(accountId) ?? version));
  if (newer.length > 0) await save(newer);
  return newer.length;
}
