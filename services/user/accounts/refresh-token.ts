/**
 * Refresh tokens: 256 bits that only the client has; the store has their hash. The first of a session is random. Each later one follows from
 * the one before it, a random salt and a secret of the service, so that it can be made again for as long as the salt is stored.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

const pattern = /^ort_[A-Za-z0-9_-]{43}$/;

/** The first token of a session. */
export function createRefreshToken(): string {
  return `ort_${randomBytes(32).toString('base64url')}`;
}

/** A new salt for a successor. */
export function createSuccessorSalt(): Buffer {
  return randomBytes(32);
}

/** The token that a token is exchanged for. */
export function deriveSuccessor(refreshSecret: Uint8Array, token: string, salt: Uint8Array): string {
  return `ort_${createHmac('sha256', refreshSecret).update(salt).update(token).digest('base64url')}`;
}

/** The hash under which a token is stored; undefined for what cannot be one of ours. */
export function hashRefreshToken(token: string): Buffer | undefined {
  return pattern.test(token) ? createHash('sha256').update(token).digest() : undefined;
}
