import type { Command, Outcome } from '../engine/model/commands.ts';

/** Until when a caller waits: work whose caller is gone is not started. */
export type CallTime = { signal?: AbortSignal; deadlineTimeMs?: number };

/** A call in the queue of a shard. */
export type Call = CallTime & {
  commands: readonly Command[];
  /** Reads the engine when the call's group is matched. Must not throw. */
  read?: () => void;
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: Error) => void;
};

/** Number of commands of a call; a call that only reads counts as one. */
export function lengthOf({ commands, read }: Pick<Call, 'commands' | 'read'>): number {
  return read ? 1 : commands.length;
}

/** Resolves each call with the outcomes of its commands, taken from those of the whole group. */
export function answer(calls: Call[], outcomes: Outcome[]): void {
  let start = 0;
  for (const { commands, resolve } of calls) {
    resolve(outcomes.slice(start, start + commands.length));
    start += commands.length;
  }
}
