import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { refused, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { type SessionRenewal, sessionsMax } from '../domain/session.ts';
import { exchangeSessionId } from '../rpc/messages/session-message.ts';
import { saveSession } from '../store/save-session.ts';
import type { Clients } from './clients.ts';

/** Sessions for cancel on disconnect. */
export type Sessions = {
  /**
   * Opens a session or renews it, on every shard, and returns until when it lives at least, Unix milliseconds. Calls that come at once, or within a
   * tenth of the time to live, share one renewal of this replica. Throws SESSIONS_OVER_LIMIT, BOOK_FULL, and UNAVAILABLE while a shard cannot
   * be asked: then those that were asked are renewed.
   */
  keepAlive(session: SessionRenewal): Promise<number>;
};

/** The last renewal of a session. `untilMs`: when the next one is due, infinite while it is under way. */
type Renewal = { ttlMs: number; untilMs: number; endTimeMs: Promise<number> };

const timeoutMs = 1_500;
const renewalsMax = 10_000;
/** The longest that the exchange takes. */
const exchangeTtlMaxMs = 3_600_000;
/** Part of the time to live in which a further call renews nothing. */
const pauseShare = 10;

/** Sessions of the exchange's shards. */
export function createSessions(options: {
  db: Database;
  exchange: Clients['exchange'];
  shards: readonly number[];
  nowMs: () => number;
  /** The market's clock, by which the exchange ends sessions. */
  clock: Pick<Clock, 'spanMs'>;
}): Sessions {
  const { db, exchange, shards, nowMs, clock } = options;
  const renewals = new Map<string, Renewal>();

  const renew = async ({ accountId, sessionId, ttlMs }: SessionRenewal): Promise<number> => {
    // From before the exchange counts.
    const endTimeMs = nowMs() + ttlMs;
    if (!(await saveSession(db, { accountId, sessionId, endTimeMs, nowMs: nowMs() }))) throw overLimit();
    const marketMs = Math.min(exchangeTtlMaxMs, Math.ceil(clock.spanMs(ttlMs)));
    const request = { sessionId: exchangeSessionId(accountId, sessionId), accountId, ttlMs: BigInt(marketMs) };
    const answers = await Promise.all(shards.map((shard) => exchange.keepAlive({ shard, ...request }, { timeoutMs })));
    if (answers.some(({ result }) => result?.outcome !== CommandOutcome.ACCEPTED)) throw tooMany();
    return endTimeMs;
  };
  const begin = (key: string, session: SessionRenewal): Promise<number> => {
    const renewal: Renewal = { ttlMs: session.ttlMs, untilMs: Number.POSITIVE_INFINITY, endTimeMs: renew(session) };
    if (renewals.size >= renewalsMax) forget(renewals, nowMs());
    renewals.set(key, renewal);
    const done = renewal.endTimeMs.then(
      () => {
        renewal.untilMs = nowMs() + session.ttlMs / pauseShare;
      },
      () => {
        if (renewals.get(key) === renewal) renewals.delete(key);
      },
    );
    return done.then(() => renewal.endTimeMs);
  };
  return {
    keepAlive(session) {
      const key = `${session.accountId}/${session.sessionId}`;
      const last = renewals.get(key);
      if (last?.ttlMs === session.ttlMs && last.untilMs > nowMs()) return last.endTimeMs;
      return begin(key, session);
    },
  };
}

/** Makes room: what is due is forgotten, or all when nothing is. */
function forget(renewals: Map<string, Renewal>, nowMs: number): void {
  for (const [key, { untilMs }] of renewals) if (untilMs <= nowMs) renewals.delete(key);
  if (renewals.size >= renewalsMax) renewals.clear();
}

function overLimit() {
  const message = 'the account has as many sessions as it may';
  return refused(ErrorReason.SESSIONS_OVER_LIMIT, message, { limit: String(sessionsMax) });
}

function tooMany() {
  return resourceExhausted(ErrorReason.BOOK_FULL, 'the exchange takes no more sessions at the moment');
}
