/** What is said of the connection, by the age of the last message. */

/** What is known of the streams at one moment. */
export type ConnectionFacts = {
  nowMs: number;
  /** When the last message of any stream came; undefined: none yet. */
  lastMessageMs: number | undefined;
  /** Whether at least one stream is open. */
  isOpen: boolean;
  /** Whether figures are shown that came before the page slept or was hidden. */
  hasOld: boolean;
  /** Whether the browser has a network. */
  isOnline: boolean;
  /** Attempts since the last message; 0: none. */
  attempts: number;
  /** When the next attempt begins; undefined: one is under way. */
  nextAttemptMs: number | undefined;
};

/** The word for it. */
export type ConnectionWord = 'connecting' | 'live' | 'stale' | 'reconnecting' | 'offline';

/** A word, and the sentence beside it. */
export type ConnectionState = { word: ConnectionWord; text: string; ageMs: number };

/** Quotes change many times a second, and there is a heartbeat every 10 s where they do not. */
export const staleAfterMs = 5_000;

/** The state of the connection. Prices are live only in `live`. */
export function connectionState(facts: ConnectionFacts, quietMs: number = staleAfterMs): ConnectionState {
  const ageMs = facts.lastMessageMs === undefined ? 0 : Math.max(0, facts.nowMs - facts.lastMessageMs);
  if (!facts.isOnline) return { word: 'offline', text: 'Offline', ageMs };
  if (facts.isOpen && !facts.hasOld && ageMs < quietMs && facts.lastMessageMs !== undefined)
    return { word: 'live', text: 'Live', ageMs };
  if (facts.isOpen && facts.lastMessageMs !== undefined) {
    return { word: 'stale', text: `${Math.floor(ageMs / 1_000)} s old`, ageMs };
  }
  if (facts.lastMessageMs === undefined && facts.attempts < 2) return { word: 'connecting', text: 'Connecting', ageMs };
  return { word: 'reconnecting', text: retryText(facts), ageMs };
}

function retryText({ attempts, nextAttemptMs, nowMs }: ConnectionFacts): string {
  const next =
    nextAttemptMs === undefined ? '' : `, next in ${Math.max(0, Math.ceil((nextAttemptMs - nowMs) / 1_000))} s`;
  return `Reconnecting, try ${Math.max(1, attempts)}${next}`;
}
