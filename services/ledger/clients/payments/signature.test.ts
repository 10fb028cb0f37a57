import { describe, expect, it } from 'vitest';
import { signatureWindowMs, signBody, verifySignature } from './signature.ts';

const body = Buffer.from('{"id":"evt_1"}');
const nowMs = 1_700_000_000_000;
const [older, newer] = ['the secret before'.padEnd(32, '.'), 'the secret of today'.padEnd(32, '.')];
const verify = (signature: string | undefined, bytes = body, options = { secrets: [newer], nowMs }) =>
  verifySignature(signature, bytes, options);

describe('verifySignature', () => {
  it('accepts what was signed under any active secret, and several signatures side by side', () => {
    const both = { secrets: [newer, older], nowMs };
    verify(signBody(body, newer, nowMs), body, both);
    verify(signBody(body, older, nowMs), body, both);
    const [, digest] = signBody(body, older, nowMs).split(',');
    verify(`${signBody(body, newer, nowMs)},${digest}`, body, { secrets: [older], nowMs });
  });

  it('is the HMAC-SHA256 of time and body, as openssl computes it', () => {
    // echo -n '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac 'the secret of today.............'
    const digest = '1636c0c442cf3bc52413af60fe2d42bdc6f499bc5a2032d52db5b2575e63cfd7';
    expect(signBody(body, 'the secret of today.............', nowMs)).toBe(`t=1700000000,v1=${digest}`);
  });

  it.each([undefined, '', 't=1', 'v1=aa', `t=1700000000,v1=${'0'.repeat(64)}`, `t=1700000000,v1=${'0'.repeat(63)}`])(
    'refuses %j as unsigned',
    (signature) => {
      expect(() => verify(signature)).toThrow(expect.objectContaining({ cause: 'unsigned' }));
    },
  );

  it('refuses another body, another time, and a secret that is no longer active', () => {
    const signature = signBody(body, newer, nowMs);
    const unsigned = expect.objectContaining({ cause: 'unsigned' });
    expect(() => verify(signature, Buffer.from('{"id":"evt_2"}'))).toThrow(unsigned);
    expect(() => verify(signature.replace('t=1700000000', 't=1700000001'))).toThrow(unsigned);
    expect(() => verify(signBody(body, older, nowMs))).toThrow(unsigned);
  });

  it('refuses what was signed more than five minutes ago or ahead', () => {
    for (const offMs of [signatureWindowMs + 1_000, -signatureWindowMs - 1_000]) {
      expect(() => verify(signBody(body, newer, nowMs - offMs))).toThrow(expect.objectContaining({ cause: 'stale' }));
    }
    verify(signBody(body, newer, nowMs - signatureWindowMs));
  });
});
