/**
 * Puts the calls of a shard in one order and sees each group through: queued -> matched -> committed -> answered. While one group
 * is committed the next is matched; nothing of a group is told before its commit. There are no timers: whatever waited while the
 * last group was matched is the next one.
 */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, deadlineExceeded, resourceExhausted, unavailable } from '#platform/errors/outcry-error.ts';
import type { Command, Outcome } from '../domain/commands.ts';
import type { Matched, MatchedGroup, Matcher } from './matcher.ts';

/** Bounds of a sequencer. */
export type SequencerLimits = {
  /** Commands that may wait; past it calls are refused RESOURCE_EXHAUSTED. */
  queueLengthMax: number;
  /** Commands of one group. A single call is never split. */
  groupCommandsMax: number;
  /** Groups that are matched and not yet committed. */
  groupsAheadMax: number;
};

/** The default bounds. */
export const sequencerLimits: SequencerLimits = { queueLengthMax: 20_000, groupCommandsMax: 1_000, groupsAheadMax: 2 };

/** A call's view of its time: work that nobody waits for is not started. */
export type CallTime = { signal?: AbortSignal; deadlineTimeMs?: number };

type Call = CallTime & {
  commands: readonly Command[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: Error) => void;
};

const retryDelayMs = 50;

/** What a sequencer works with. */
export type SequencerOptions = {
  matcher: Matcher;
  /** Resolves when the group is certainly committed; after a rejection the sequencer is stopped. */
  commit: (group: MatchedGroup) => Promise<void>;
  /** Runs after each commit, before its calls are answered. */
  onCommitted: (group: MatchedGroup) => void;
  /** Runs once, with what stopped it. */
  onStopped: (error: unknown) => void;
  nowMs: () => number;
  limits?: Partial<SequencerLimits>;
};

/** The queue of one term of a shard. */
export class Sequencer {
  #options: SequencerOptions;
  #limits: SequencerLimits;
  #queue: Call[] = [];
  #queueLength = 0;
  #ahead: { calls: Call[]; matched: Matched }[] = [];
  #scheduled = false;
  #committing = false;
  #stopped = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#limits = { ...sequencerLimits, ...options.limits };
  }

  /** Commands that wait to be matched. */
  get queueLength(): number {
    return this.#queueLength;
  }

  /**
   * Carries out the commands of one call, in order. Rejects with RESOURCE_EXHAUSTED when the queue is full, and with UNAVAILABLE
   * when the shard is lost: then they may have happened.
   */
  submit(commands: readonly Command[], time: CallTime = {}): Promise<Outcome[]> {
    if (this.#stopped) return Promise.reject(notTheHolder());
    if (this.#queueLength + commands.length > this.#limits.queueLengthMax) {
      return Promise.reject(
        resourceExhausted(ErrorReason.OVERLOADED, 'too many orders wait for the book', { retryDelayMs }),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
    this.#queue.push({ commands, resolve, reject, ...time });
    this.#queueLength += commands.length;
    this.#schedule();
    return promise;
  }

  /** Stops for good; every call that was not answered is told that its outcome is unknown. */
  stop(cause: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const { calls } of this.#ahead) for (const { reject } of calls) reject(notTheHolder());
    for (const { reject } of this.#queue) reject(notTheHolder());
    this.#ahead = [];
    this.#queue = [];
    this.#queueLength = 0;
    this.#options.onStopped(cause);
  }

  // One turn of the event loop lets every call that arrived in the same read of a socket join the group.
  #schedule(): void {
    if (this.#scheduled || this.#stopped || this.#ahead.length >= this.#limits.groupsAheadMax) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#matchNext();
    });
  }

  #matchNext(): void {
    if (this.#stopped || this.#ahead.length >= this.#limits.groupsAheadMax) return;
    const calls = this.#takeCalls();
    if (calls.length > 0) {
      try {
        const commands = calls.flatMap((call) => call.commands);
        const matched = this.#options.matcher.match(commands, this.#options.nowMs());
        this.#ahead.push({ calls, matched });
      } catch (error) {
        // The engine may be left half changed: only the journal knows what it should be.
        for (const { reject } of calls)
          reject(unavailable(ErrorReason.INTERNAL, 'the command could not be carried out'));
        this.stop(error);
        return;
      }
      void this.#commitAhead();
    }
    if (this.#queue.length > 0) this.#schedule();
  }

  #takeCalls(): Call[] {
    const calls: Call[] = [];
    let length = 0;
    let taken = 0;
    const nowMs = Date.now();
    for (const call of this.#queue) {
      if (length > 0 && length + call.commands.length > this.#limits.groupCommandsMax) break;
      taken++;
      this.#queueLength -= call.commands.length;
      if (call.signal?.aborted) call.reject(cancelled());
      else if ((call.deadlineTimeMs ?? Number.POSITIVE_INFINITY) <= nowMs) call.reject(deadlineExceeded());
      else {
        calls.push(call);
        length += call.commands.length;
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
        if (group) await this.#options.commit(group);
        if (this.#stopped) return;
        if (group) this.#options.onCommitted(group);
        this.#ahead.shift();
        answer(next.calls, next.matched.outcomes);
        this.#schedule();
      }
    } catch (error) {
      this.stop(error);
    } finally {
      this.#committing = false;
    }
  }
}

/** UNAVAILABLE: this process does not hold the shard; a keyed call may be sent again. */
export function notTheHolder(): Error {
  return unavailable(ErrorReason.NOT_THE_SHARD_HOLDER, 'this process does not hold the shard');
}

function answer(calls: Call[], outcomes: Outcome[]): void {
  let start = 0;
  for (const { commands, resolve } of calls) {
    resolve(outcomes.slice(start, start + commands.length));
    start += commands.length;
  }
}
