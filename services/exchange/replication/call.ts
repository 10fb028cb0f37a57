import type { Command, Outcome } from '../engine/commands.ts';

/** A call's view of its time: work that nobody waits for is not started. */
export type CallTime = { signal?: AbortSignal; deadlineTimeMs?: number };

/** A call in the queue of a shard. */
export type Call = CallTime & {
  commands: readonly Command[];
  /** Reads the engine when the call's group is matched. Never throws. */
  read?: () => void;
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: Error) => void;
};

/** Commands of a call; one that only reads counts as one. */
export function lengthOf({ commands, read }: Pick<Call, 'commands' | 'read'>): number {
  return read ? 1 : commands.length;
}

/** Gives each call the outcomes of its commands, out of those of the whole group. */
export function answer(calls: Call[], outcomes: Outcome[]): void {
  let start = 0;
  for (const { commands, resolve } of calls) {
    resolve(outcomes.slice(start, start + commands.length));
    start += commands.length;
  }
}
