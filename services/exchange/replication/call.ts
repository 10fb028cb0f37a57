import { type GroupSpan, openGroup } from '#platform/telemetry/group-span.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import type { Command, Outcome } from '../engine/model/commands.ts';

/**
 * Until when a caller waits: work whose caller is gone is not started. A CallContext is one; the signal of a call that states whether it
 * has ended is not asked for.
 */
export type CallTime = { readonly ended?: boolean; readonly signal?: AbortSignal; readonly deadlineTimeMs?: number };

/** A call in the queue of a shard. */
export type Call = {
  commands: readonly Command[];
  time: CallTime;
  /** Reads the engine when the call's group is matched. Must not throw. */
  read?: () => void;
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: Error) => void;
  /** What the call is part of, where that is recorded. */
  trace: Trace | undefined;
};

/** Number of commands of a call; a call that only reads counts as one. */
export function lengthOf({ commands, read }: Pick<Call, 'commands' | 'read'>): number {
  return read ? 1 : commands.length;
}

/** Whether the caller has given up. */
export function isGone({ time }: Call): boolean {
  return time.ended ?? time.signal?.aborted ?? false;
}

/** Resolves each call with the outcomes of its commands, taken from those of the whole group. */
export function answer(calls: Call[], outcomes: Outcome[]): void {
  let start = 0;
  for (const { commands, resolve } of calls) {
    resolve(outcomes.slice(start, start + commands.length));
    start += commands.length;
  }
}

/** The span of a group of calls, from its matching to its commit. */
export function openSpan(calls: readonly Call[]): GroupSpan | undefined {
  return openGroup(
    { name: 'exchange_journal', attributes: { 'outcry.group_items': calls.length } },
    calls.map(({ trace }) => trace),
  );
}
