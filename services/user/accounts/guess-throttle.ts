/** Holds the pace at which passwords are looked at; the counts lie in the database, so that all replicas share them. */
import { createHash } from 'node:crypto';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, type OutcryError, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/database.ts';
import { pause } from '#platform/time/pause.ts';
import { addressLimit, afterTry, type GuessLimit, pairLimit, waitMsOf } from '../domain/guess-limit.ts';
import {
  clearGuessStates,
  lockGuessStates,
  readGuessStates,
  saveGuessStates,
  takeBackTry,
} from '../store/guess-limits.ts';

/** What a try is counted under. A right password empties its own keys, and takes back its try from a key that others share. */
export type GuessKey = { hash: Buffer; limit: GuessLimit; isShared: boolean };

/** Decides when a password may be looked at. */
export type GuessThrottle = {
  /** Milliseconds until a try under all the keys may be looked at; 0: now. */
  waitMs(keys: readonly GuessKey[]): Promise<number>;
  /**
   * Waits until a try may be looked at. Throws RATE_LIMITED at once when that is not before `endTimeMs` (of performance.now()) or too
   * many wait already, CANCELLED when the signal aborts.
   */
  waitForTurn(keys: readonly GuessKey[], options: { endTimeMs: number; signal: AbortSignal }): Promise<void>;
  /** Counts a try under all keys, or under none: false when another came first. */
  take(keys: readonly GuessKey[]): Promise<boolean>;
  /** The try was right. */
  forgive(keys: readonly GuessKey[]): Promise<void>;
};

/** Limits that tests may replace. */
export type GuessLimits = { pair: GuessLimit; address: GuessLimit };

/** The limits in force. */
export const guessLimits: GuessLimits = { pair: pairLimit, address: addressLimit };

// Calls of one replica that may wait for their turn at once; further ones are refused.
const waitingMax = 200;

/** The keys of a person's try from a network address: the pair of both, and the address. */
export function strangerKeys(limits: GuessLimits, email: string, subscriber: string): GuessKey[] {
  return [
    { hash: hashOf('pair', email, subscriber), limit: limits.pair, isShared: false },
    { hash: hashOf('address', subscriber), limit: limits.address, isShared: true },
  ];
}

/** The key of a session, and of the device that it was opened on. */
export function sessionKeys(limits: GuessLimits, sessionId: string): GuessKey[] {
  return [{ hash: hashOf('session', sessionId), limit: limits.pair, isShared: false }];
}

/** A throttle over the counts in `db`. */
export function createGuessThrottle({ db, nowMs }: { db: Database; nowMs: () => number }): GuessThrottle {
  let waiting = 0;

  const waitMs = async (keys: readonly GuessKey[]) => {
    const states = await readGuessStates(db, hashesOf(keys));
    return longestWaitMs(keys, states, nowMs());
  };

  return {
    waitMs,
    async waitForTurn(keys, { endTimeMs, signal }) {
      const turnMs = await waitMs(keys);
      if (turnMs === 0) return;
      if (performance.now() + turnMs > endTimeMs || waiting >= waitingMax) throw tooManyTries(turnMs);
      waiting += 1;
      await pause(turnMs, signal);
      waiting -= 1;
      if (signal.aborted) throw cancelled();
    },
    take: (keys) =>
      db.transaction(async (tx) => {
        const timeMs = nowMs();
        const states = await lockGuessStates(tx, hashesOf(keys), timeMs);
        if (longestWaitMs(keys, states, timeMs) > 0) return false;
        await saveGuessStates(
          tx,
          keys.map(({ hash, limit }, index) => ({ key: hash, state: afterTry(limit, states[index], timeMs) })),
        );
        return true;
      }),
    async forgive(keys) {
      await clearGuessStates(db, hashesOf(keys.filter(({ isShared }) => !isShared)));
      for (const { hash, limit, isShared } of keys) if (isShared) await takeBackTry(db, hash, limit);
    },
  };
}

function longestWaitMs(
  keys: readonly GuessKey[],
  states: Awaited<ReturnType<typeof readGuessStates>>,
  timeMs: number,
): number {
  return Math.max(0, ...keys.map(({ limit }, index) => waitMsOf(limit, states[index], timeMs)));
}

function hashesOf(keys: readonly GuessKey[]): Buffer[] {
  return keys.map(({ hash }) => hash);
}

function hashOf(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function tooManyTries(retryDelayMs: number): OutcryError {
  return resourceExhausted(ErrorReason.RATE_LIMITED, 'too many wrong passwords from here; try again later', {
    retryDelayMs,
  });
}
