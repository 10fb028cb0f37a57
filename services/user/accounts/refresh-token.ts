/** Refresh tokens: 256 random bits that only the client has; the store has their hash. */
import { createHash, randomBytes } from 'node:crypto';

const pattern = /^ort_[A-Za-z0-9_-]{43}$/;

/** A new token. */
export function createRefreshToken(): string {
  return `ort_${randomBytes(32).toString('base64url')}`;
}

/** The hash under which a token is stored; undefined for what cannot be one of ours. */
export function hashRefreshToken(token: string): Buffer | undefined {
  return pattern.test(token) ? createHash('sha256').update(token).digest() : undefined;
}
