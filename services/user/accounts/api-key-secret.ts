/**
 * The text of API keys: `ok_`, 12 characters that name the key, `_`, 43 characters of a secret. The secret follows from what the call that
 * makes the key says, a random salt and a secret of the service; when the salt is gone, only the owner has it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const pattern = /^(ok_[a-z2-7]{12})_([A-Za-z0-9_-]{43})$/;
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const prefixLength = 12;
const saltBytes = 32;

/** A key in its parts; undefined for what cannot be one of ours. */
export function splitApiKey(apiKey: string): { prefix: string; secret: string } | undefined {
  const [, prefix, secret] = pattern.exec(apiKey) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secret };
}

/** A new prefix: 60 random bits. */
export function createPrefix(): string {
  return `ok_${Array.from(randomBytes(prefixLength), (byte) => alphabet[byte & 31]).join('')}`;
}

/** A new salt. */
export function createSalt(): Buffer {
  return randomBytes(saltBytes);
}

/** The secret of the key that `accountId` made under an idempotency key. */
export function deriveSecret(
  serviceSecret: Uint8Array,
  of: { accountId: string; idempotencyKey: string; prefix: string; salt: Uint8Array },
): string {
  const parts = [of.accountId, of.idempotencyKey, of.prefix, Buffer.from(of.salt).toString('base64url')];
  return createHmac('sha256', serviceSecret).update(JSON.stringify(parts)).digest('base64url');
}

/** The hash under which a secret is stored. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether the hash is that of the secret, in a time that does not depend on how alike they are. */
export function isSecretOf(secret: string, hash: Uint8Array | undefined): boolean {
  const own = hashSecret(secret);
  return timingSafeEqual(own, hash?.length === own.length ? hash : Buffer.alloc(own.length)) && hash !== undefined;
}
