import { sessionsMax } from '../matching/session-table.ts';
import { Reason } from '../model/codes.ts';
import type { KeepAliveCommand, Outcome } from '../model/commands.ts';
import { type EngineState, ineffective, outcome } from '../state/engine-state.ts';
import { hashSession } from '../state/state-hash.ts';

/** Opens a session or renews it. */
export function keepAlive(state: EngineState, { sessionId, accountId, ttlMs }: KeepAliveCommand): Outcome {
  const { sessions } = state.matching.state;
  const { names } = state;
  const known = sessions.byName.get(sessionId);
  const endTimeMs = state.nowMs + ttlMs;
  if (known === undefined) {
    if (sessions.byName.size >= sessionsMax) return ineffective(Reason.BOOK_FULL);
    hashSession(state, sessions.open(sessionId, names.acquire(accountId), endTimeMs));
  } else {
    if (names.names[known.account] !== accountId) return ineffective(Reason.SESSION_UNKNOWN);
    sessions.renew(known, endTimeMs);
    hashSession(state, known);
  }
  return outcome(state.sequence);
}

/** Removes the sessions that ended. */
export function releaseClosed(state: EngineState): void {
  const { closed } = state.matching.state.sessions;
  for (const { account, hashLow, hashHigh } of closed) {
    state.sessionHash.subtract(hashLow, hashHigh);
    state.names.release(account);
  }
  closed.length = 0;
}
