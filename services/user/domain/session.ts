/** Sessions: what a refresh token buys. */

/** A refresh token is good for 30 days. */
export const refreshLifetimeMs = 30 * 24 * 3_600_000;

/** An access token is good for 10 minutes. */
export const accessLifetimeMs = 10 * 60_000;

/**
 * How long a used refresh token is answered once more, with the tokens that came after it: an answer may be lost, and two windows of a
 * browser may renew at once. Longer than the 15 s after which clients give a call up.
 */
export const repeatMs = 60_000;

/** What is known of a refresh token that is presented. */
export type PresentedToken = { useTimeMs: number | undefined; expireTimeMs: number; sessionEnded: boolean };

/**
 * `rotate`: give new tokens. `repeat`: give those again that it was exchanged for. `reused`: somebody else has a copy, end the session.
 * `expired`, `ended`, `unknown`: refuse.
 * A used token of an ended session says `reused` no longer: there is nothing left to protect.
 */
export type RefreshDecision = 'rotate' | 'repeat' | 'reused' | 'expired' | 'ended' | 'unknown';

/** Decides what a presented refresh token leads to. */
export function decideRefresh(token: PresentedToken | undefined, nowMs: number): RefreshDecision {
  if (token === undefined) return 'unknown';
  if (token.sessionEnded) return 'ended';
  if (token.useTimeMs !== undefined) return nowMs - token.useTimeMs < repeatMs ? 'repeat' : 'reused';
  return token.expireTimeMs <= nowMs ? 'expired' : 'rotate';
}
