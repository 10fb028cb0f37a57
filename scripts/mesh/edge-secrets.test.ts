import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { makeCertificate } from './certificate.ts';
import { runCommand } from './command.ts';
import { edgeNamespace, planEdgeSecret, selfMadeLabel } from './edge-secrets.ts';

const names = ['trade.example.com', 'www.trade.example.com'];
const named = { secret: 'trade-tls', names };
const hasOpenssl = await runCommand('openssl', ['version']).then(
  () => true,
  () => false,
);
const overlay = (parameters: Record<string, string> = {}) => ({
  namespace: 'staging',
  parameters,
});
const selfMade = overlay({ 'tls-authority': 'self-made' });

function secret(certificate: string, owner?: string) {
  const labels: Record<string, string> = owner === undefined ? {} : { [selfMadeLabel]: owner };
  return { metadata: { labels }, data: { 'tls.crt': Buffer.from(certificate).toString('base64') } };
}

describe('planEdgeSecret', () => {
  it('makes a certificate where the overlay says so, and else names what is missing', () => {
    expect(planEdgeSecret(selfMade, named, undefined)).toBe('make');
    expect(planEdgeSecret(overlay(), named, undefined)).toEqual({
      lacks: expect.stringContaining('trade-tls (tls.crt, tls.key) with a certificate for trade.example.com, www'),
    });
  });

  it('leaves the owner’s, whatever is in it, and refuses one that was made for another install', () => {
    expect(planEdgeSecret(selfMade, named, secret('anything'))).toBe('leave');
    expect(planEdgeSecret(selfMade, named, secret('anything', 'other'))).toEqual({
      lacks: expect.stringContaining('is of the install in the namespace other'),
    });
  });

  it('makes its own again when it is for other names', async (context) => {
    requireOrSkip(context, hasOpenssl, 'openssl is not installed');
    const own = secret((await makeCertificate(names)).certificate, 'staging');
    expect(planEdgeSecret(selfMade, named, own)).toBe('leave');
    expect(planEdgeSecret(selfMade, { ...named, names: ['new.example.com'] }, own)).toBe('make');
  });
});

describe('edgeNamespace', () => {
  it('is that of the ingress, which is the install’s own by the Gateway API', () => {
    const parameters = { 'ingress-service-account': 'istio-ingress/istio-ingress' };
    expect(edgeNamespace({ manifests: [], namespace: 'staging', parameters })).toBe('istio-ingress');
    const apiVersion = 'gateway.networking.k8s.io/v1';
    const manifests = [{ apiVersion, kind: 'Gateway', metadata: { name: 'ingress' } }];
    expect(edgeNamespace({ manifests, namespace: 'staging', parameters })).toBe('staging');
  });
});
