/**
 * Signatures of callbacks: `t=<Unix seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 (RFC 2104) of `<t>.<body>` under a secret that sender and
 * receiver share. Several v1 may stand side by side, and the receiver may know several secrets, so that a secret can be replaced.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { CallbackRefusedError } from './payment-provider.ts';

/** The header that carries the signature. */
export const signatureHeader = 'outcry-signature';

/** How far the time of a signature may be from the receiver's, in ms. */
export const signatureWindowMs = 5 * 60_000;

const pattern = /^t=(\d{1,12})((?:,v1=[0-9a-f]{64}){1,8})$/;

/** The signature of a body at a time, under one secret. */
export function signBody(body: Uint8Array, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000);
  return `t=${seconds},v1=${digest(seconds, body, secret).toString('hex')}`;
}

/** Checks that a body was signed at about `nowMs` under one of the secrets, in constant time for each. Throws CallbackRefusedError. */
export function verifySignature(
  signature: string | undefined,
  body: Uint8Array,
  { secrets, nowMs }: { secrets: readonly string[]; nowMs: number },
): void {
  const [, time = '', digests = ''] = pattern.exec(signature ?? '') ?? [];
  const seconds = Number(time);
  const expected = secrets.map((secret) => digest(seconds, body, secret));
  const sent = [...digests.matchAll(/[0-9a-f]{64}/g)].map(([hex]) => Buffer.from(hex, 'hex'));
  // All pairs are compared, so that the time says nothing of which one is equal.
  const equal = expected.flatMap((own) => sent.map((other) => timingSafeEqual(own, other)));
  if (!equal.includes(true)) throw new CallbackRefusedError('unsigned');
  // The time is believed only now: it is part of what was signed.
  if (Math.abs(nowMs - seconds * 1_000) > signatureWindowMs) throw new CallbackRefusedError('stale');
}

function digest(seconds: number, body: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
