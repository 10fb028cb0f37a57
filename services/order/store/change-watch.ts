import { createNotifier } from '#platform/concurrency/notifier.ts';
import { readUntilFound, type WaitOptions } from '#platform/concurrency/read-until-found.ts';
import { readPosition } from '#platform/feed/position.ts';
import { listenForAccounts } from '#platform/postgres/account-notices.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { accountsChannel, parsePositionNotice, positionsChannel } from './notices.ts';

/** Lets calls and streams of this replica wait for what any replica commits. */
export type ChangeWatch = AsyncDisposable & {
  /**
   * Calls `read` at once, then after each change of the account and at least every `recheckMs`, until it returns a value. Resolves to
   * undefined when the time is over or the signal aborts.
   */
  waitFor<T>(accountId: string, read: () => Promise<T | undefined>, options: WaitOptions): Promise<T | undefined>;
  /** Resolves to whether the shard's feed was applied up to `sequence` within the time. */
  waitForPosition(shard: number, sequence: bigint, timeoutMs: number): Promise<boolean>;
};

const readsPerPositionQuery = 4;

/** The name of a shard's feed: of its position, its epoch and its consumer's lease. */
export function exchangeFeedName(shard: number): string {
  return `exchange.${shard}`;
}

/** Starts to listen to the notices of all replicas. */
export async function openChangeWatch(db: Database): Promise<ChangeWatch> {
  const accounts = await listenForAccounts(db, accountsChannel);
  const positions = new Map<number, bigint>();
  const positionWake = createNotifier();
  const listening = await db.listen(positionsChannel, (payload) => {
    const position = parsePositionNotice(payload);
    if (position !== undefined) positions.set(position.shard, position.sequence);
    positionWake.notify();
  });

  const hasReached = async (shard: number, sequence: bigint) => {
    if (!positions.has(shard)) positions.set(shard, await readPosition(db, exchangeFeedName(shard)));
    return (positions.get(shard) ?? 0n) >= sequence || undefined;
  };

  return {
    async waitFor(accountId, read, options) {
      const wake = createNotifier();
      using _watch = accounts.watch(accountId, () => wake.notify());
      return await readUntilFound(wake, read, options);
    },
    async waitForPosition(shard, sequence, timeoutMs) {
      let reads = 0;
      const read = () => {
        reads += 1;
        // A notice may have been lost with its connection: after a second of silence the table is read.
        if (reads % readsPerPositionQuery === 0) positions.delete(shard);
        return hasReached(shard, sequence);
      };
      return (await readUntilFound(positionWake, read, { timeoutMs })) ?? false;
    },
    async [Symbol.asyncDispose]() {
      await accounts[Symbol.asyncDispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}
