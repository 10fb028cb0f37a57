import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { isGoodFor, makeCertificate } from './certificate.ts';
import { runCommand } from './command.ts';

const hasOpenssl = await runCommand('openssl', ['version']).then(
  () => true,
  () => false,
);

describe('makeCertificate', () => {
  it('makes one for names and addresses that its authority has signed, and no other authority', async (context) => {
    requireOrSkip(context, hasOpenssl, 'openssl is not installed');
    const names = ['localhost', 'operators.localhost', '10.10.0.1'];
    const { certificate, authority, key } = await makeCertificate(names);
    const parsed = new X509Certificate(certificate);
    expect(parsed.verify(new X509Certificate(authority).publicKey)).toBe(true);
    expect(new X509Certificate(authority).ca).toBe(true);
    expect(parsed.ca).toBe(false);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY/);
    expect(isGoodFor(certificate, names)).toBe(true);
    expect(isGoodFor(certificate, [...names, 'other.localhost'])).toBe(false);
    expect(isGoodFor(certificate, ['10.10.0.2'])).toBe(false);
    // A month before its end it is renewed.
    expect(isGoodFor(certificate, names, Date.now() + 370 * 24 * 3_600_000)).toBe(false);
  });
});
