/** One term of this process as the leader of a shard: an engine at the head of the journal, and everything served from it. */
import type { Clock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { ruleVersion } from '../engine/engine.ts';
import type { Command, Listing, Outcome, SubmitCommand } from '../engine/model/commands.ts';
import type { EngineState } from '../engine/state/engine-state.ts';
import { joinEvents } from '../journal/join-events.ts';
import { confirmFeed } from '../store/confirm-feed.ts';
import { readChecksum } from '../store/read-checksum.ts';
import { readEventsAfter } from '../store/read-events-after.ts';
import { readJournalStart } from '../store/read-journal-start.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import { type ReplicaIdentity, takeOver } from '../store/take-over.ts';
import { BookView } from './book-view.ts';
import type { CallTime } from './call.ts';
import { commitGroup } from './commit-group.ts';
import type { ReadJournal } from './feed-history.ts';
import { FeedLog } from './feed-log.ts';
import type { Progress } from './follower.ts';
import { clockDeviationMaxMs, JournalClock, requireDatabaseTime } from './journal-clock.ts';
import { type LiveOrders, readLiveOrders } from './live-orders.ts';
import { type MatchedGroup, Matcher } from './matcher.ts';
import { type QueuePage, type QueueQuery, readQueue } from './order-queue.ts';
import { catchUp, type Recovered, recover } from './recover.ts';
import { Sequencer } from './sequencer.ts';
import type { SequencerLimits } from './sequencer-limits.ts';
import { type SnapshotPolicy, Snapshots } from './snapshots.ts';
import { readTrails, type Trails } from './trails.ts';

/** The position and size of the committed state. */
export type Head = Progress & { restingCount: number };

/** The shard as its leader serves it. */
export type Term = {
  shard: number;
  /** Fencing token of its appends; the next takeover of the shard raises it by one. */
  token: bigint;
  /** Name of the feed's history. */
  epoch: string;
  /** Aborts when the term ends; its reason is the cause. */
  signal: AbortSignal;
  /** Carries out commands in order; resolves once they are committed. */
  submit(commands: readonly Command[], time?: CallTime): Promise<Outcome[]>;
  listingOf(symbol: string): Listing | undefined;
  /** Reads a page of an order queue; resolves once everything in it is committed. */
  readQueue(query: QueueQuery, time?: CallTime): Promise<QueuePage>;
  /** Reads from which prices trailing stops trail; resolves once everything in it is committed. */
  readTrails(orderIds: readonly string[], time?: CallTime): Promise<Trails>;
  /** How an order would be answered after all commands that were queued before; resolves once these are committed. */
  preview(command: SubmitCommand, time?: CallTime): Promise<Outcome>;
  /** Copies the live orders; resolves once everything in them is committed. */
  readLiveOrders(time?: CallTime): Promise<LiveOrders>;
  /** What is remembered under these ids; resolves once everything in it is committed. */
  readRemembered<T>(read: (state: EngineState) => T, time?: CallTime): Promise<T>;
  feed: FeedLog;
  /** Stores up to where a follower needs the feed no more. */
  confirm(confirmation: { follower: string; sequence: bigint }): Promise<void>;
  /** The public books at the last commit. */
  view: BookView;
  /** Version of the rules in force. */
  readonly ruleVersion: number;
  /** The committed position. */
  head(): Head;
  /** Commands that are queued. */
  queueLength(): number;
  /** How far the journalled time is ahead of the clock, in ms: it stands still until the clock has reached it. */
  timeAheadMs(): number;
  snapshots: Pick<Snapshots, 'sequence' | 'settled'>;
  /** Stops matching until `resume`; resolves once everything matched is committed, rejects when the term ends first. */
  pause(): Promise<void>;
  resume(): void;
  /** Ends the term. */
  stop(cause: unknown): void;
  /** The engine of an ended term, if its state is the one of the last committed group; else undefined. */
  releaseEngine(): Recovered | undefined;
};

/** What a term needs. */
export type TermOptions = {
  /** For appends to the journal and for the reads of a recovery. */
  db: Database;
  /** For reads of older events, and for snapshots. */
  readDb: Database;
  shard: number;
  /** This process, which takes the shard over. */
  self: ReplicaIdentity;
  /** Supplies an engine that has followed the journal; by default one is rebuilt. */
  takeEngine?: () => Promise<Recovered>;
  /** Aborts when the lease is lost. */
  signal: AbortSignal;
  /** The machine's clock, Unix milliseconds. */
  nowMs: () => number;
  /** The market's clock; default the machine's. */
  clock?: Clock | undefined;
  logger: Logger;
  limits?: Partial<SequencerLimits>;
  snapshots?: Partial<SnapshotPolicy>;
};

/**
 * Takes the shard over and brings the engine to the head. The new token is committed first, so that nothing is appended after the
 * tail was read. Rejects with JournalDamagedError when the journal cannot be trusted, with RulesUnknownError when a later release
 * wrote it, and with ClockFaultError, before it takes anything, when the machine's clock is not the database's.
 */
export async function startTerm(options: TermOptions): Promise<Term> {
  const { db, readDb, shard, self, signal, logger } = options;
  const startTimeMs = performance.now();
  await requireDatabaseTime(db, options.nowMs);
  const clock = new JournalClock(options);
  const [{ token, epoch }, [newest], start] = await Promise.all([
    takeOver(db, shard, self),
    readSnapshots(readDb, shard, 1),
    readJournalStart(readDb, shard),
  ]);
  const recovered = await (options.takeEngine?.() ?? recover(db, shard, { signal, logger }));
  const tailGroups = await catchUp(db, shard, recovered, signal);
  const { engine } = recovered;
  let head: Head = { ...positionOf(recovered), restingCount: engine.state.restingCount };
  logger.info({ shard, ...head, tailGroups, ms: performance.now() - startTimeMs }, 'took the shard over');

  const ended = new AbortController();
  const snapshots = new Snapshots({
    ...{ db: readDb, shard, token, policy: options.snapshots, signal: ended.signal, logger },
    sequence: Math.max(recovered.snapshotSequence, newest?.sequence ?? 0),
    onTrimmed: ({ sequence }) => {
      feed.start = sequence;
    },
  });
  const capture = (state: EngineState) => snapshots.capture(state);
  const matcher = new Matcher(recovered, { shard, token, capture });
  const readJournal: ReadJournal = async (range) =>
    joinEvents(shard, range.afterSequence, await readEventsAfter(readDb, shard, range));
  const readChecksumAt = (sequence: number) => readChecksum(readDb, shard, sequence);
  const feed = new FeedLog({
    head: head.sequence,
    start: start.sequence,
    epoch,
    readJournal,
    readChecksum: readChecksumAt,
  });
  const view = new BookView(engine.state);
  const onCommitted = ({ journal, words, restingCount, image }: MatchedGroup, trace: Trace | undefined) => {
    const { groupNumber, firstSequence, lastSequence, timeMs, stateHash, events, checksum } = journal;
    head = { groupNumber, sequence: lastSequence, stateHash, restingCount };
    view.apply(words, { lastSequence, timeMs });
    feed.append({ firstSequence, lastSequence, bytes: events, marks: [{ lastSequence, checksum }] }, trace);
    if (image) snapshots.write(image, journal);
  };
  const sequencer = new Sequencer({
    shard,
    matcher,
    commit: ({ journal }) => commitGroup(db, journal, { signal: ended.signal, logger }),
    onCommitted,
    onStopped: (cause) => ended.abort(cause),
    clock,
    limits: options.limits,
  });
  const term: Term = {
    shard,
    token,
    epoch,
    signal: ended.signal,
    submit: (commands, time) => sequencer.submit(commands, time),
    listingOf: (symbol) => matcher.listingOf(symbol),
    readQueue: (query, time) => sequencer.read(() => readQueue(engine.state, query), time),
    readTrails: (orderIds, time) => sequencer.read(() => readTrails(engine.state, orderIds), time),
    preview: (command, time) => sequencer.read(() => engine.preview(command, clock.nowMs()), time),
    readLiveOrders: (time) => sequencer.read(() => readLiveOrders(engine.state), time),
    readRemembered: (read, time) => sequencer.read(() => read(engine.state), time),
    feed,
    confirm: (confirmation) => confirmFeed(readDb, { shard, ...confirmation }),
    view,
    get ruleVersion() {
      return engine.state.ruleVersion;
    },
    head: () => head,
    queueLength: () => sequencer.queueLength,
    timeAheadMs: () => Math.max(0, engine.state.nowMs - clock.nowMs()),
    snapshots,
    pause: () => sequencer.pause(),
    resume: () => sequencer.resume(),
    stop: (cause) => sequencer.stop(cause),
    releaseEngine: () => {
      if (!ended.signal.aborted || !sequencer.isWhole) return undefined;
      return { ...recovered, ...matcher.position(), snapshotSequence: snapshots.sequence };
    },
  };
  const timeAheadMs = term.timeAheadMs();
  // The journal cannot be unwritten: what is left is to serve with a time that stands still, and to say so.
  if (timeAheadMs > clockDeviationMaxMs) logger.error({ shard, timeAheadMs }, 'the journalled time is in the future');
  if (engine.state.ruleVersion !== ruleVersion) await term.submit([{ kind: 'rules', version: ruleVersion }]);
  return term;
}

function positionOf({ engine, groupNumber }: Recovered): Progress {
  return { groupNumber, sequence: engine.state.sequence, stateHash: engine.stateHash() };
}
