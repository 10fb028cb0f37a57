/** One term of this process as the holder of a shard: an engine at the head of its journal, and all that is served from it. */
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Command, Listing, Outcome } from '../engine/commands.ts';
import { ruleVersion } from '../engine/engine.ts';
import type { EngineState } from '../engine/engine-state.ts';
import { readEventsAfter } from '../store/read-events-after.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import { type Claimant, takeOver } from '../store/take-over.ts';
import { BookView } from './book-view.ts';
import type { CallTime } from './call.ts';
import { commitGroup } from './commit-group.ts';
import type { ReadJournal } from './feed-history.ts';
import { FeedLog } from './feed-log.ts';
import type { Progress } from './follower.ts';
import { type MatchedGroup, Matcher } from './matcher.ts';
import { type QueuePage, type QueueQuery, readQueue } from './order-queue.ts';
import { catchUp, type Recovered, recover } from './recover.ts';
import { Sequencer, type SequencerLimits } from './sequencer.ts';
import { type SnapshotPolicy, Snapshots } from './snapshots.ts';

/** The committed state. */
export type Head = Progress & { restingCount: number };

/** The shard as its holder serves it. */
export type Term = {
  shard: number;
  /** Names the feed's history. */
  epoch: string;
  /** Aborts when the shard is lost; its reason is the cause. */
  signal: AbortSignal;
  /** Carries out commands in order; resolves when their outcomes are committed. */
  submit(commands: readonly Command[], time?: CallTime): Promise<Outcome[]>;
  listingOf(symbol: string): Listing | undefined;
  /** Reads a part of a queue of orders; resolves when all that it shows is committed. */
  readQueue(query: QueueQuery, time?: CallTime): Promise<QueuePage>;
  feed: FeedLog;
  /** The public books at the last commit. */
  view: BookView;
  /** Where the committed state is. */
  head(): Head;
  /** Commands that wait. */
  queueLength(): number;
  snapshots: Pick<Snapshots, 'sequence' | 'settled'>;
  /** Matches nothing more until `resume`; resolves when everything is committed, and rejects when the term ends before. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends the term. */
  stop(cause: unknown): void;
  /** The engine of a term that has ended, if it stands where the journal ended then; else it is of no use. */
  salvage(): Recovered | undefined;
};

/** What a term needs. */
export type TermOptions = {
  /** For the journal's writes and for what a recovery reads. */
  db: Database;
  /** For followers that are behind, and for snapshots. */
  readDb: Database;
  shard: number;
  /** Who takes the shard. */
  claimant: Claimant;
  /** Gives an engine that has followed the journal; by default one is rebuilt. */
  takeEngine?: () => Promise<Recovered>;
  /** Aborts when the lease is lost. */
  signal: AbortSignal;
  nowMs: () => number;
  logger: Logger;
  limits?: Partial<SequencerLimits>;
  snapshots?: Partial<SnapshotPolicy>;
};

/**
 * Takes the shard over and brings its state to the head: token + 1 is committed first, so that the tail that is read then is the
 * tail. Rejects with JournalDamagedError when the journal cannot be trusted, with RulesUnknownError when a later release wrote it.
 */
export async function startTerm(options: TermOptions): Promise<Term> {
  const { db, readDb, shard, claimant, signal, logger } = options;
  const startTimeMs = performance.now();
  const [tenure, [newest]] = await Promise.all([takeOver(db, shard, claimant), readSnapshots(readDb, shard, 1)]);
  const recovered = await (options.takeEngine?.() ?? recover(db, shard, { signal, logger }));
  const tailGroups = await catchUp(db, shard, recovered, signal);
  const { engine } = recovered;
  let head: Head = { ...positionOf(recovered), restingCount: engine.state.restingCount };
  logger.info({ shard, ...head, tailGroups, ms: performance.now() - startTimeMs }, 'took the shard over');

  const ended = new AbortController();
  const snapshots = new Snapshots({
    ...{ db: readDb, shard, token: tenure.token, policy: options.snapshots, signal: ended.signal, logger },
    sequence: Math.max(recovered.snapshotSequence, newest?.sequence ?? 0),
  });
  const capture = (state: EngineState) => snapshots.capture(state);
  const matcher = new Matcher(recovered, { shard, token: tenure.token, capture });
  const readJournal: ReadJournal = (range) => readEventsAfter(readDb, shard, range);
  const feed = new FeedLog({ head: head.sequence, epoch: tenure.epoch, readJournal });
  const view = new BookView(engine.state);
  const onCommitted = ({ journal, words, restingCount, image }: MatchedGroup) => {
    const { groupNumber, firstSequence, lastSequence, stateHash, events } = journal;
    head = { groupNumber, sequence: lastSequence, stateHash, restingCount };
    view.apply(words, lastSequence);
    feed.append({ firstSequence, lastSequence, bytes: events });
    if (image) snapshots.write(image, journal);
  };
  const sequencer = new Sequencer({
    shard,
    matcher,
    commit: ({ journal }) => commitGroup(db, journal, ended.signal, logger),
    onCommitted,
    onStopped: (cause) => ended.abort(cause),
    nowMs: options.nowMs,
    limits: options.limits,
  });
  const term: Term = {
    shard,
    epoch: tenure.epoch,
    signal: ended.signal,
    submit: (commands, time) => sequencer.submit(commands, time),
    listingOf: (symbol) => matcher.listingOf(symbol),
    readQueue: (query, time) => sequencer.read(() => readQueue(engine.state, query), time),
    feed,
    view,
    head: () => head,
    queueLength: () => sequencer.queueLength,
    snapshots,
    pause: () => sequencer.pause(),
    resume: () => sequencer.resume(),
    stop: (cause) => sequencer.stop(cause),
    salvage: () => {
      if (!ended.signal.aborted || !sequencer.isWhole) return undefined;
      return { ...recovered, ...matcher.position(), snapshotSequence: snapshots.sequence };
    },
  };
  if (engine.state.ruleVersion !== ruleVersion) await term.submit([{ kind: 'rules', version: ruleVersion }]);
  return term;
}

function positionOf({ engine, groupNumber }: Recovered): Progress {
  return { groupNumber, sequence: engine.state.sequence, stateHash: engine.stateHash() };
}
