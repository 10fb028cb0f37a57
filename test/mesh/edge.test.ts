import { createHash, X509Certificate } from 'node:crypto';
import http from 'node:http';
import { connect, type SecureVersion } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { findChromium, launchChromium, openPage } from '#platform/testing/browser.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { loadMeshRpcs, runCommand } from '../../scripts/mesh/index.ts';
import { addressOf } from '../support/address-of.ts';
import { createTestClient } from '../support/clients.ts';
import { grpcurlClient, hasGrpcurl } from '../support/grpcurl-client.ts';
import { registerInvestor, untilOwned } from '../support/investor.ts';
import {
  firstOpenOrder,
  logInAt,
  rowsOf,
  sendTicket,
  sentLines,
  showBlotter,
  textOnce,
} from '../support/trading-page.ts';
import { ingressUrl, operatorsUrl } from './cluster.ts';
import { hostsVariable } from './hosts.ts';
import { restingPrice } from './trade-through.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
const takesMinutes = 'takes minutes: npm run test:mesh -- --all';
const publicUrl = await ingressUrl();
const innerUrl = await operatorsUrl();
const forOperators = (await loadMeshRpcs()).filter(({ isForOperators }) => isForOperators).map(({ path }) => path);
const hasK6 = await runCommand('k6', ['version']).then(
  () => true,
  () => false,
);

/** Calls an RPC without a token by Connect with JSON. */
async function call(url: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' };
  return (await fetch(`${url}${path}`, init)).status;
}

/** The version of TLS and the certificate that a client gets which speaks these versions; rejects when it gets none. */
function handshake(minVersion: SecureVersion, maxVersion: SecureVersion) {
  const { hostname, port } = new URL(publicUrl);
  return new Promise<{ version: string | null; certificate: Buffer }>((resolve, reject) => {
    const options = {
      host: hostname,
      port: Number(port || 443),
      minVersion,
      maxVersion,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };
    const socket = connect({ ...options, ...(/[a-z]/.test(hostname) && { servername: hostname }) }, () => {
      resolve({ version: socket.getProtocol(), certificate: socket.getPeerCertificate().raw });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('ingress-gateway', () => {
  it('speaks TLS 1.2 and 1.3 with a certificate that is trusted, and nothing older', async () => {
    expect(await handshake('TLSv1.2', 'TLSv1.2')).toMatchObject({ version: 'TLSv1.2' });
    expect(await handshake('TLSv1.2', 'TLSv1.3')).toMatchObject({ version: 'TLSv1.3' });
    await expect(handshake('TLSv1', 'TLSv1.1')).rejects.toThrow(/alert|protocol|reset|disconnected/i);
  });

  it('has no clear text on port 80: whatever is asked for is somewhere else', async (context) => {
    if (process.env.OUTCRY_INGRESS_URL) return context.skip('OUTCRY_INGRESS_URL names one port');
    const { hostname } = new URL(publicUrl);
    for (const method of ['GET', 'POST']) {
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
        http
          .request({ host: hostname, method, path: '/outcry.user.v1.SessionService/LogIn?a=1' }, resolve)
          .on('error', reject)
          .end();
      });
      answer.resume();
      expect(answer.statusCode).toBe(301);
      expect(answer.headers.location).toBe(`https://${hostname}/outcry.user.v1.SessionService/LogIn?a=1`);
    }
  });

  it('tells browsers how long to insist on TLS', async () => {
    for (const url of [publicUrl, innerUrl]) {
      expect((await fetch(url)).headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    }
  });
});

describe('route-ingress-to-gateway', () => {
  it('has no RPC for operators and no reflection, whatever header goes with the call', async () => {
    expect(forOperators.length).toBeGreaterThan(20);
    for (const path of [...forOperators, '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo']) {
      expect(await call(publicUrl, path), path).toBe(404);
    }
    const [path = ''] = forOperators;
    expect(await call(publicUrl, path, { baggage: 'outcry-canary=gateway' })).toBe(404);
    expect(await call(publicUrl, path, { host: new URL(innerUrl).host })).toBe(404);
  });

  it('answers a gRPC client UNIMPLEMENTED, and lets it call what is for people', async (context) => {
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const client = grpcurlClient(publicUrl, { byReflection: false });
    await expect(client.call('UserAdminService/ListUsers', {})).rejects.toThrow(/Unimplemented/);
    await expect(grpcurlClient(publicUrl).call('MarketService/GetClock', {})).rejects.toThrow(/reflection/);
    expect(await client.call('MarketService/GetClock', {})).toHaveProperty('time');
  });
});

describe('operators-gateway and route-operators-to-gateway', () => {
  it('have the RPCs for operators, which ask for a token, reflection, and what is for people', async (context) => {
    // A stream answers 415 to what is no envelope.
    for (const path of forOperators) expect([401, 415], path).toContain(await call(innerUrl, path));
    expect(await call(innerUrl, '/outcry.market.v1.MarketService/GetClock')).toBe(200);
    requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    expect(await grpcurlClient(innerUrl).call('MarketService/GetClock', {})).toHaveProperty('time');
  });
});

describe('through TLS at the ingress', () => {
  it('k6 lives an investor’s day, and places and cancels orders, over HTTP/2; no call fails', {
    timeout: 180_000,
  }, async (context) => {
    if (!takesAll) return context.skip(takesMinutes);
    requireOrSkip(context, hasK6, 'k6 is not installed');
    const { token } = await registerInvestor(createTestClient('connect', publicUrl));
    const variables = { URL: publicUrl, TOKEN: token, HOSTS: process.env[hostsVariable] ?? '{}' };
    const args = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const said = await runCommand('k6', ['run', '--quiet', '--no-usage-report', ...args, 'test/mesh/orders.k6.js']);
    console.log(
      said
        .split('\n')
        .filter((line) => /checks|http_req_duration|iterations/.test(line))
        .join('\n'),
    );
  });

  it('a person lives an investor’s day in a browser: logs in, buys, sees the position, rests an order, cancels it, sells', {
    timeout: 180_000,
  }, async (context) => {
    if (!takesAll) return context.skip(takesMinutes);
    const path = findChromium();
    requireOrSkip(context, path !== undefined, 'no Chromium is installed');
    const investor = await registerInvestor(createTestClient('connect', publicUrl), '12345.00');
    const { hostname } = new URL(publicUrl);
    const { certificate } = await handshake('TLSv1.2', 'TLSv1.3');
    const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    const browser = await launchChromium(path ?? '', [
      `--host-resolver-rules=MAP ${hostname} ${await addressOf(hostname)}`,
      // This very key, where the machine's list of authorities does not have the one that made the certificate.
      `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`,
    ]);
    try {
      const { page } = await openPage(browser, publicUrl);
      await page.goto(`${publicUrl}/#/KITE`);
      await logInAt(page, investor);
      await textOnce(page.locator('.receipt'), /12,?345\.00/);
      await sendTicket(page, { side: 'Buy', quantity: '3' });
      await textOnce(sentLines(page), /Bought 3 KITE/);
      await showBlotter(page, 'Positions');
      await textOnce(rowsOf(page, 'Positions'), /KITE\s+3\b/);
      await untilOwned(investor, 'KITE', '3');
      await sendTicket(page, { side: 'Buy', quantity: '2', price: await restingPrice(investor, 'KITE') });
      await showBlotter(page, 'Open orders');
      await firstOpenOrder(page)
        .getByRole('button', { name: /^Cancel/ })
        .click();
      await textOnce(page.locator('#panel-orders'), /No open orders/);
      await sendTicket(page, { side: 'Sell', quantity: '3' });
      await textOnce(sentLines(page).getByRole('listitem').first(), /Sold 3 KITE/);
    } finally {
      await browser.close();
    }
  });
});
