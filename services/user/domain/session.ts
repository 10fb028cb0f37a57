/** Sessions: what a refresh token buys. */

/** A refresh token is good for 30 days. */
export const refreshLifetimeMs = 30 * 24 * 3_600_000;

/** An access token is good for 10 minutes. */
export const accessLifetimeMs = 10 * 60_000;

/** What is known of a refresh token that is presented. */
export type PresentedToken = { used: boolean; expireTimeMs: number; sessionEnded: boolean };

/**
 * `rotate`: give new tokens. `reused`: somebody else has a copy, end the session. `expired`, `ended`, `unknown`: refuse.
 * A used token of an ended session says `reused` no longer: there is nothing left to protect.
 */
export type RefreshDecision = 'rotate' | 'reused' | 'expired' | 'ended' | 'unknown';

/** Decides what a presented refresh token leads to. */
export function decideRefresh(token: PresentedToken | undefined, nowMs: number): RefreshDecision {
  if (token === undefined) return 'unknown';
  if (token.sessionEnded) return 'ended';
  if (token.used) return 'reused';
  return token.expireTimeMs <= nowMs ? 'expired' : 'rotate';
}
