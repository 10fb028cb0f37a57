/**
 * Puts the calls of a shard in one order and takes each group through its steps: queued -> matched -> committed -> answered. Nothing of a
 * group leaves before its commit. No timer collects calls: those that were queued while the last group was committed form the next one.
 * When so many are queued that matching takes about as long as a commit, they are matched while the last group is still committed. A
 * timer starts a group when something falls due without a call.
 *
 * running -> paused (no further group is matched; matched ones are committed and answered) -> running; or stopped for good.
 */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, deadlineExceeded, resourceExhausted, unavailable } from '#platform/errors/outcry-error.ts';
import type { GroupSpan } from '#platform/telemetry/group-span.ts';
import { sampledTrace } from '#platform/telemetry/spans.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import type { Command, Outcome } from '../engine/model/commands.ts';
import { answer, type Call, type CallTime, isGone, lengthOf, openSpan } from './call.ts';
import { DueTimer } from './due-timer.ts';
import { ShardElsewhereError } from './errors.ts';
import type { JournalClock } from './journal-clock.ts';
import type { Matched, MatchedGroup, Matcher } from './matcher.ts';
import { type SequencerLimits, sequencerLimits } from './sequencer-limits.ts';

const retryDelayMs = 50;

/** How to run a sequencer. */
export type SequencerOptions = {
  shard: number;
  matcher: Pick<Matcher, 'nextDueMs' | 'match'>;
  /** Resolves once the group is certainly committed; a rejection stops the sequencer. */
  commit: (group: MatchedGroup) => Promise<void>;
  /** Runs after each commit, before its calls are answered; `trace` is of the commit, where that is recorded. */
  onCommitted: (group: MatchedGroup, trace: Trace | undefined) => void;
  /** Runs once, with the cause. */
  onStopped: (error: unknown) => void;
  /** Stamps groups; a clock that has jumped stops the sequencer before anything is matched. */
  clock: Pick<JournalClock, 'nowMs' | 'waitMs' | 'stamp'>;
  limits?: Partial<SequencerLimits>;
};

/** The queue of one term of a shard. */
export class Sequencer {
  #options: SequencerOptions;
  #limits: SequencerLimits;
  #queue: Call[] = [];
  #queueLength = 0;
  #ahead: { calls: Call[]; matched: Matched; span: GroupSpan | undefined }[] = [];
  #scheduled = false;
  #committing = false;
  #stopped = false;
  #isWhole = true;
  #paused: PromiseWithResolvers<void> | undefined;
  readonly #dueTimer: DueTimer;
  #isDue = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#limits = { ...sequencerLimits, ...options.limits };
    const onDue = () => {
      this.#isDue = true;
      this.#schedule();
    };
    const { matcher, clock } = options;
    const [nextDueMs, nowMs] = [() => matcher.nextDueMs, () => clock.nowMs()];
    this.#dueTimer = new DueTimer({ nextDueMs, nowMs, waitMs: (timeMs) => clock.waitMs(timeMs), onDue });
    this.#dueTimer.arm();
  }

  /** Commands that are queued. */
  get queueLength(): number {
    return this.#queueLength;
  }

  /**
   * Carries out the commands of one call, in order. Rejects with RESOURCE_EXHAUSTED when the queue is full, and with
   * ShardElsewhereError when the term ends: then they may have been carried out.
   */
  submit(commands: readonly Command[], time: CallTime = {}): Promise<Outcome[]> {
    if (this.#stopped) return Promise.reject(this.#elsewhere());
    if (this.#queueLength + commands.length > this.#limits.queueLengthMax) {
      return Promise.reject(overloaded());
    }
    return this.#enqueue({ commands, time });
  }

  /**
   * Reads the engine between two groups, in the order of the calls, and resolves once everything it may have seen is committed. Counts
   * as one command; rejects as `submit` does.
   */
  async read<T>(query: () => T, time: CallTime = {}): Promise<T> {
    if (this.#stopped) throw this.#elsewhere();
    if (this.#queueLength >= this.#limits.queueLengthMax) throw overloaded();
    let found: T | undefined;
    const read = () => {
      found = query();
    };
    await this.#enqueue({ commands: [], read, time });
    return found as T;
  }

  #enqueue(call: Omit<Call, 'resolve' | 'reject' | 'trace'>): Promise<Outcome[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
    this.#queue.push({ ...call, resolve, reject, trace: sampledTrace() });
    this.#queueLength += lengthOf(call);
    this.#schedule();
    return promise;
  }

  /** Whether the engine of a stopped sequencer is in the state of the last committed group. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /**
   * Stops matching until `resume`; calls stay queued. Resolves once every matched group is committed and answered; rejects with the
   * cause when the sequencer is stopped first.
   */
  pause(): Promise<void> {
    this.#paused ??= Promise.withResolvers();
    this.#paused.promise.catch(() => {});
    if (this.#ahead.length === 0) this.#paused.resolve();
    return this.#paused.promise;
  }

  /** Ends a pause. */
  resume(): void {
    this.#paused = undefined;
    if (this.#queue.length > 0 || this.#isDue) this.#schedule();
  }

  /** Stops for good; every unanswered call is rejected with ShardElsewhereError, its outcome unknown. */
  stop(cause: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#isWhole &&= this.#ahead.length === 0;
    for (const { calls } of this.#ahead) for (const { reject } of calls) reject(this.#elsewhere());
    for (const { reject } of this.#queue) reject(this.#elsewhere());
    this.#paused?.reject(cause);
    this.#dueTimer.stop();
    this.#ahead = [];
    this.#queue = [];
    this.#queueLength = 0;
    this.#options.onStopped(cause);
  }

  #elsewhere(): Error {
    return new ShardElsewhereError(this.#options.shard);
  }

  // One turn of the event loop lets every call that arrived in the same read of a socket join the group.
  #schedule(): void {
    if (this.#scheduled || this.#isHeld()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#matchNext();
    });
  }

  #isHeld(): boolean {
    const { groupsAheadMax, aheadCommandsMin } = this.#limits;
    const ahead = this.#ahead.length;
    if (this.#stopped || this.#paused !== undefined || ahead >= groupsAheadMax) return true;
    return ahead > 0 && this.#queueLength < aheadCommandsMin;
  }

  #matchNext(): void {
    if (this.#isHeld()) return;
    const timeMs = this.#stamp();
    if (timeMs === undefined) return;
    const calls = this.#takeCalls();
    if (calls.length > 0 || this.#isDue) {
      this.#isDue = false;
      try {
        const commands = calls.flatMap((call) => call.commands);
        const matched = this.#options.matcher.match(commands, timeMs);
        for (const { read } of calls) read?.();
        this.#ahead.push({ calls, matched, span: openSpan(calls) });
      } catch (error) {
        // The engine may be half changed; the right state follows from the journal alone.
        this.#isWhole = false;
        for (const { reject } of calls)
          reject(unavailable(ErrorReason.INTERNAL, 'the command could not be carried out'));
        this.stop(error);
        return;
      }
      this.#dueTimer.arm();
      void this.#commitAhead();
    }
    if (this.#queue.length > 0 || this.#isDue) this.#schedule();
  }

  /** The time of the next group; undefined when the clock has jumped: the engine is whole once the groups ahead are committed. */
  #stamp(): number | undefined {
    try {
      return this.#options.clock.stamp();
    } catch (error) {
      if (this.#ahead.length === 0) this.stop(error);
      return undefined;
    }
  }

  #takeCalls(): Call[] {
    const calls: Call[] = [];
    let length = 0;
    let taken = 0;
    const nowMs = Date.now();
    for (const call of this.#queue) {
      if (length > 0 && length + lengthOf(call) > this.#limits.groupCommandsMax) break;
      taken++;
      this.#queueLength -= lengthOf(call);
      if (isGone(call)) call.reject(cancelled());
      else if ((call.time.deadlineTimeMs ?? Number.POSITIVE_INFINITY) <= nowMs) call.reject(deadlineExceeded());
      else {
        calls.push(call);
        length += lengthOf(call);
      }
    }
    this.#queue = this.#queue.slice(taken);
    return calls;
  }

  async #commitAhead(): Promise<void> {
    if (this.#committing) return;
    this.#committing = true;
    try {
      for (let next = this.#ahead[0]; next; next = this.#ahead[0]) {
        const { group } = next.matched;
        const { span } = next;
        if (group) await this.#options.commit(group);
        if (this.#stopped) return;
        span?.end();
        if (group) this.#options.onCommitted(group, span?.trace);
        this.#ahead.shift();
        answer(next.calls, next.matched.outcomes);
        this.#schedule();
      }
      this.#paused?.resolve();
    } catch (error) {
      this.stop(error);
    } finally {
      this.#committing = false;
    }
  }
}

function overloaded(): Error {
  return resourceExhausted(ErrorReason.OVERLOADED, 'too many orders wait for the book', { retryDelayMs });
}
