import { createHash } from 'node:crypto';
import type { KeepSessionAliveRequest } from '#gen/outcry/order/v1/order_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { type SessionRenewal, sessionProblem, ttlMsMax, ttlMsMin } from '../../domain/session.ts';

/** The exchange's name of an account's session: its sessions have one space of names for all accounts, and 64 characters. */
export function exchangeSessionId(accountId: string, sessionId: string): string {
  return createHash('sha256').update(`${accountId}/${sessionId}`).digest('base64url');
}

/** A session, from proto to domain. Throws INVALID_ARGUMENT. */
export function fromSession(accountId: string, { sessionId, ttl }: KeepSessionAliveRequest): SessionRenewal {
  const problem = sessionProblem(sessionId);
  if (problem !== undefined) throw invalidArgument('session_id', problem);
  const { seconds = 0n, nanos = 0 } = ttl ?? {};
  const ttlMs = Number(seconds) * 1_000 + nanos / 1_000_000;
  if (!Number.isInteger(ttlMs) || ttlMs < ttlMsMin || ttlMs > ttlMsMax) {
    throw invalidArgument('ttl', 'must be 1 s to 1 h, in whole milliseconds');
  }
  return { accountId, sessionId, ttlMs };
}
