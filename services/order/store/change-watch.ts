import { setTimeout as sleep } from 'node:timers/promises';
import { readPosition } from '#platform/feed/position.ts';
import { createFeedWake, type FeedWake } from '#platform/feed/wake.ts';
import type { Database } from '#platform/postgres/database.ts';
import { accountsChannel, parsePositionNotice, positionsChannel } from './notices.ts';

/** Lets calls and streams of this replica wait for what any replica writes. A wake says: look; it does not say what changed. */
export type ChangeHub = AsyncDisposable & {
  /**
   * Calls `look` at once, then after each change of the account and at least every `recheckMs`, until it gives a value or the
   * signal aborts or `timeoutMs` is over; then undefined.
   */
  waitFor<T>(accountId: string, look: () => Promise<T | undefined>, options: WaitOptions): Promise<T | undefined>;
  /** Whether the shard's feed was applied up to `sequence` within the time. */
  waitForPosition(shard: number, sequence: bigint, timeoutMs: number): Promise<boolean>;
};

/** How long to wait, and how often to look though nothing was told. */
export type WaitOptions = { timeoutMs: number; signal?: AbortSignal; recheckMs?: number };

/** The name under which a shard's position is kept. */
export function positionName(shard: number): string {
  return `exchange-${shard}`;
}

/** Starts to listen. */
export async function openChangeHub(db: Database): Promise<ChangeHub> {
  const accounts = createAccountWakes();
  const positions = new Map<number, bigint>();
  const positionWake = createFeedWake();
  const listening = [
    await db.listen(accountsChannel, (payload) => accounts.notify(payload === '' ? undefined : payload.split(','))),
    await db.listen(positionsChannel, (payload) => {
      const told = parsePositionNotice(payload);
      if (told !== undefined) positions.set(told.shard, told.sequence);
      positionWake.notify();
    }),
  ];

  const hasPosition = async (shard: number, sequence: bigint) => {
    if (!positions.has(shard)) positions.set(shard, await readPosition(db, positionName(shard)));
    if ((positions.get(shard) ?? 0n) >= sequence) return true;
    return undefined;
  };

  return {
    async waitFor(accountId, look, options) {
      const wake = accounts.join(accountId);
      try {
        return await lookUntil(wake, look, options);
      } finally {
        accounts.leave(accountId);
      }
    },
    async waitForPosition(shard, sequence, timeoutMs) {
      let looks = 0;
      const look = () => {
        // A notice may have been lost with its connection: after a silent second the table is asked.
        if (looks++ % recheckLooks === recheckLooks - 1) positions.delete(shard);
        return hasPosition(shard, sequence);
      };
      return (await lookUntil(positionWake, look, { timeoutMs })) ?? false;
    },
    async [Symbol.asyncDispose]() {
      for (const listener of listening) await listener[Symbol.asyncDispose]();
    },
  };
}

const recheckMsDefault = 250;
const recheckLooks = 4;

async function lookUntil<T>(
  wake: FeedWake,
  look: () => Promise<T | undefined>,
  { timeoutMs, signal, recheckMs = recheckMsDefault }: WaitOptions,
): Promise<T | undefined> {
  const endTimeMs = performance.now() + timeoutMs;
  for (;;) {
    const idle = new AbortController();
    // Armed before the look: what is committed right after it must not be missed.
    const woken = wake.wait(signal ? AbortSignal.any([idle.signal, signal]) : idle.signal);
    try {
      const found = await look();
      if (found !== undefined) return found;
      const leftMs = endTimeMs - performance.now();
      if (leftMs <= 0 || signal?.aborted) return undefined;
      const late = sleep(Math.min(recheckMs, leftMs), undefined, { signal: idle.signal }).catch(() => {});
      await Promise.race([woken, late]);
    } finally {
      idle.abort();
    }
  }
}

function createAccountWakes() {
  const entries = new Map<string, { wake: FeedWake; waiters: number }>();
  return {
    join(accountId: string): FeedWake {
      const entry = entries.get(accountId) ?? { wake: createFeedWake(), waiters: 0 };
      entries.set(accountId, entry);
      entry.waiters += 1;
      return entry.wake;
    },
    leave(accountId: string): void {
      const entry = entries.get(accountId);
      if (entry && --entry.waiters === 0) entries.delete(accountId);
    },
    /** Undefined: something may have been missed, so everybody looks. */
    notify(accountIds: string[] | undefined): void {
      for (const id of accountIds ?? [...entries.keys()]) entries.get(id)?.wake.notify();
    },
  };
}
