import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { userTokenIssuer } from '#platform/auth/claims.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { pause } from '#platform/time/pause.ts';
import { kubectl } from '../../scripts/mesh/index.ts';
import { createTestClient } from '../support/clients.ts';
import { logIn, registerInvestor } from '../support/investor.ts';
import { ingressUrl, meshNamespace } from './cluster.ts';
import { probe, type RpcCall, serviceCaller } from './probe.ts';

const takesAll = process.env.OUTCRY_MESH_ALL === '1';
const url = await ingressUrl();
const path = '/outcry.order.v1.OrderService/ListOrders';

/** Runs a statement in the database of the user service, in which the signing keys are. */
async function inDatabase(statement: string): Promise<string> {
  const psql = ['psql', '-U', 'postgres', '-d', 'user', '-v', 'ON_ERROR_STOP=1', '-tA', '-f', '-'];
  const inPod = ['-n', meshNamespace, 'exec', '-i', 'postgres-0', '-c', 'postgres', '--', ...psql];
  return (await kubectl(inPod, { input: statement })).trim();
}

type Made = { audience?: string; lifeSeconds?: number };

/** Makes tokens like the user service, by the key with which it signs. */
async function realSigner() {
  const query =
    'SELECT kid, private_jwk FROM signing_key WHERE active_time <= now() ORDER BY active_time DESC LIMIT 1;';
  const [kid = '', jwk = ''] = (await inDatabase(query)).split(/\|(.*)/s);
  const key = await importJWK(JSON.parse(jwk) as JWK, 'EdDSA');
  return ({ audience = userTokenIssuer, lifeSeconds = 300 }: Made) =>
    new SignJWT({ roles: ['user'], email: 'mesh@example.com', sid: uuidV7() })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer(userTokenIssuer)
      .setAudience(audience)
      .setSubject(uuidV7())
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1_000) + lifeSeconds)
      .sign(key);
}

async function atEdge(token: string | undefined): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: '{}' });
  const { details = [] } = (await answer.json()) as { details?: { debug?: { reason?: string } }[] };
  return `${answer.status} ${details[0]?.debug?.reason ?? ''}`.trim();
}

/** The statuses of gRPC with which the order service answers the gateway's identity. */
async function inside(tokens: readonly (string | undefined)[]): Promise<string[]> {
  const calls = tokens.map((token): RpcCall => {
    const call = { service: 'order', path };
    return token === undefined ? call : { ...call, headers: { authorization: `Bearer ${token}` } };
  });
  const { rpcs } = await probe(serviceCaller('gateway'), { rpcs: calls });
  return rpcs.map(({ grpcStatus, message }) => `${grpcStatus} ${message}`.trim());
}

describe('tokens', () => {
  it('are refused at the edge and inside when they are bad, expired, for others, or missing', async () => {
    const sign = await realSigner();
    const good = await sign({});
    const bad = `${good.slice(0, -20)}${'A'.repeat(20)}`;
    const tokens = [good, bad, await sign({ lifeSeconds: -30 }), await sign({ audience: 'others' }), undefined];
    const edge: string[] = [];
    for (const token of tokens) edge.push(await atEdge(token));
    expect(edge).toEqual(['200', '401 TOKEN_INVALID', '401 TOKEN_EXPIRED', '401 TOKEN_INVALID', '401 TOKEN_MISSING']);
    const [passed, ...refused] = await inside(tokens);
    // The probe leaves with the first message of an answer, before its status.
    expect(passed).toBe('');
    expect(refused).toHaveLength(4);
    for (const answer of refused) expect(answer).toMatch(/^16 /);
  });

  it('may be missing where anybody may call', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/outcry.market.v1.MarketService/GetClock`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    expect(answer.status).toBe(200);
  });

  it('pass a rotation of the key that signs them, no call fails', { timeout: 240_000 }, async (context) => {
    if (!takesAll) return context.skip('takes minutes: npm run test:mesh -- --all');
    const client = createTestClient('connect', url);
    const before = await registerInvestor(client, '');
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    const publicPart = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicPart);
    const publicJwk = { ...publicPart, kid, alg: 'EdDSA', use: 'sig' };
    const values = [kid, JSON.stringify(await exportJWK(privateKey)), JSON.stringify(publicJwk)];
    const row = values.map((value) => `'${value}'`).join(', ');
    await inDatabase(
      `INSERT INTO signing_key (kid, private_jwk, public_jwk, create_time, active_time) VALUES (${row}, now(), now());`,
    );
    let calls = 0;
    const isNew = ({ token }: { token: string }) =>
      JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid === kid;
    // The key is made, and signs at once: earlier than a real one, which is published ten minutes before.
    for (const endTimeMs = Date.now() + 150_000; Date.now() < endTimeMs; ) {
      const now = await logIn(client, before.email, before.password);
      for (const { call } of [before, now]) await call('OrderService/ListOrders');
      calls += 3;
      if (isNew(now)) break;
      await pause(2_000);
    }
    const after = await logIn(client, before.email, before.password);
    expect(isNew(after)).toBe(true);
    for (const { call } of [before, after]) {
      for (const rpc of ['OrderService/ListOrders', 'LedgerService/GetBalances', 'PortfolioService/GetPortfolio'])
        await call(rpc);
    }
    console.log(JSON.stringify({ bench: 'mesh', rotation: 'key', calls: calls + 7, failed: 0 }));
  });
});
