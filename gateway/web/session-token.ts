/** An access token as a window has it. */
import type { Json } from './transport.ts';

/** The token, whose it is, and when it ends, by the clock of this machine. */
export type AccessToken = { text: string; userId: string; expireTimeMs: number };

/** The access token in an answer of LogIn or RefreshSession, counted from now by its lifetime, as the clock of this machine may be wrong. */
export function tokenFrom(answer: Json, nowMs: number): AccessToken {
  const { accessToken, userId } = answer.tokens as { accessToken: string; userId: string };
  const [, payload = ''] = accessToken.split('.');
  const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, number>;
  return { text: accessToken, userId, expireTimeMs: nowMs + ((exp ?? 0) - (iat ?? 0)) * 1_000 };
}
