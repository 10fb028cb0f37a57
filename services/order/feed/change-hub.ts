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
  const accounts = new Map<string, { wake: FeedWake; waiters: number }>();
  const positions = new Map<number, bigint>();
  const positionWake = createFeedWake();

  const listening = [
    await db.listen(accountsChannel, (payload) => {
      const ids = payload === '' ? [...accounts.keys()] : payload.split(',');
      for (const id of ids) accounts.get(id)?.wake.notify();
    }),
    await db.listen(positionsChannel, (payload) => {
      const told = parsePositionNotice(payload);
      if (told !== undefined) positions.set(told.shard, told.sequence);
      positionWake.notify();
    }),
  ];

  const join = (accountId: string) => {
    const entry = accounts.get(accountId) ?? { wake: createFeedWake(), waiters: 0 };
    accounts.set(accountId, entry);
    entry.waiters += 1;
    return entry;
  };
  const leave = (accountId: string) => {
    const entry = accounts.get(accountId);
    if (entry && --entry.waiters === 0) accounts.delete(accountId);
  };

  return {
    async waitFor(accountId, look, { timeoutMs, signal, recheckMs = 250 }) {
      const endTimeMs = performance.now() + timeoutMs;
      const { wake } = join(accountId);
      try {
        for (;;) {
          // Armed before the look: what is committed right after it must not be missed.
          const waiting = armed(wake, signal);
          try {
            const found = await look();
            if (found !== undefined) return found;
            const leftMs = endTimeMs - performance.now();
            if (leftMs <= 0 || signal?.aborted) return undefined;
            await waiting.orAfter(Math.min(recheckMs, leftMs));
          } finally {
            waiting.end();
          }
        }
      } finally {
        leave(accountId);
      }
    },
    async waitForPosition(shard, sequence, timeoutMs) {
      const endTimeMs = performance.now() + timeoutMs;
      const reached = () => (positions.get(shard) ?? -1n) >= sequence;
      for (;;) {
        const waiting = armed(positionWake, undefined);
        try {
          if (reached()) return true;
          const leftMs = endTimeMs - performance.now();
          if (leftMs <= 0) return false;
          if (!positions.has(shard)) positions.set(shard, await readPosition(db, positionName(shard)));
          if (reached()) return true;
          await waiting.orAfter(Math.min(leftMs, 1_000));
          // A notice may have been lost with its connection: after a silent second the table is asked.
          if (leftMs > 1_000) positions.delete(shard);
        } finally {
          waiting.end();
        }
      }
    },
    async [Symbol.asyncDispose]() {
      for (const listener of listening) await listener[Symbol.asyncDispose]();
    },
  };
}

function armed(wake: FeedWake, signal: AbortSignal | undefined) {
  const idle = new AbortController();
  const woken = wake.wait(signal ? AbortSignal.any([idle.signal, signal]) : idle.signal);
  return {
    orAfter: (ms: number) => Promise.race([woken, sleep(ms, undefined, { signal: idle.signal }).catch(() => {})]),
    end: () => idle.abort(),
  };
}
