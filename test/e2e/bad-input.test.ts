import { randomUUID } from 'node:crypto';
import http2 from 'node:http2';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { readRunFile } from '../../supervisor/index.ts';
import { createTestClient } from '../support/clients.ts';
import { fetchClient } from '../support/fetch-client.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = fetchClient(shared.gatewayUrl);
const placeOrderPath = '/outcry.order.v1.OrderService/PlaceOrder';
const internalWords = /node_modules|\.ts\b|\bat \w+ \(|postgres|select |insert |127\.0\.0\.1|ECONN/i;
let investor: Investor;
let symbol: string;
let pids: number[];

const runningPids = () => (readRunFile(shared.dataDirectory)?.processes ?? []).map(({ pid }) => pid);

beforeAll(async () => {
  pids = runningPids();
  investor = await registerInvestor(client);
  symbol = await openBook(await logInAdmin(client, shared));
});

async function post(body: string | Buffer, contentType: string, token = investor.token) {
  const response = await fetch(`${shared.gatewayUrl}${placeOrderPath}`, {
    method: 'POST',
    headers: { 'content-type': contentType, authorization: `Bearer ${token}` },
    body: body as never,
  });
  return { status: response.status, text: await response.text() };
}

describe('a body that cannot be read', () => {
  it.each([
    ['broken JSON', '{"clientOrderId": ', 'application/json'],
    ['JSON of another shape', '[1, 2]', 'application/json'],
    ['an unknown field', `{"clientOrderId":"a","terms":{"symbol":"ACME","quantitty":"1"}}`, 'application/json'],
    ['a number instead of text', `{"clientOrderId":"a","terms":{"quantity":1e400}}`, 'application/json'],
    ['broken protobuf', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01]), 'application/proto'],
  ])('%s is INVALID_ARGUMENT with a reason and nothing internal', async (_, body, contentType) => {
    const { status, text } = await post(body, contentType);
    expect(status).toBe(400);
    const error = JSON.parse(text) as { code: string; details?: { debug?: { reason?: string } }[] };
    expect(error.code).toBe('invalid_argument');
    expect(error.details?.[0]?.debug?.reason).toBe('MALFORMED_MESSAGE');
    expect(text).not.toMatch(internalWords);
  });

  it('a body over the limit is RESOURCE_EXHAUSTED', async () => {
    const { text } = await post(JSON.stringify({ clientOrderId: 'x'.repeat(2_000_000) }), 'application/json');
    expect(JSON.parse(text)).toMatchObject({ code: 'resource_exhausted' });
  });

  it('broken protobuf over gRPC is grpc-status 3', async () => {
    expect(await rawGrpcStatus(Buffer.from([0, 0, 0, 0, 3, 0x0a, 0xff, 0xff]))).toBe('3');
  });
});

describe('values that make no sense', () => {
  const amounts = ['-1', 'NaN', '1e400', 'Infinity', '', '1.234', '0', '0x10', '1,5', '9'.repeat(40), ' 1'];
  it.each(amounts)('a deposit of %j is INVALID_ARGUMENT', async (amount) => {
    const call = investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount });
    expect((await refusalOf(call)).code).toBe('invalid_argument');
  });

  it.each(['-1', 'NaN', '1e400', '', '0', '9'.repeat(40)])(
    'an order of %j shares is INVALID_ARGUMENT',
    async (quantity) => {
      const terms = limitTerms('BUY', symbol, quantity, '100.00');
      const call = investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
      expect((await refusalOf(call)).code).toBe('invalid_argument');
    },
  );

  it.each(['-5.00', 'NaN', '1e400', '', '0', '9'.repeat(40)])(
    'a limit price of %j is INVALID_ARGUMENT',
    async (price) => {
      const terms = limitTerms('BUY', symbol, '1', price);
      const call = investor.call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms });
      expect((await refusalOf(call)).code).toBe('invalid_argument');
    },
  );
});

describe('tokens', () => {
  const getOrders = (token: string) => refusalOf(client.call('OrderService/ListOrders', {}, token));

  it('garbage is UNAUTHENTICATED', async () => {
    expect(await getOrders('garbage')).toMatchObject({ code: 'unauthenticated', reason: 'TOKEN_INVALID' });
  });

  it('a token whose signature is not ours is UNAUTHENTICATED', async () => {
    const forged = await new SignJWT({ roles: ['admin'], email: 'x@example.com' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('outcry')
      .setAudience('outcry')
      .setSubject(investor.accountId)
      .setExpirationTime('1h')
      .sign(new Uint8Array(32));
    expect(await getOrders(forged)).toMatchObject({ code: 'unauthenticated', reason: 'TOKEN_INVALID' });
  });

  it('no token is UNAUTHENTICATED', async () => {
    const refusal = await refusalOf(client.call('OrderService/ListOrders', {}));
    expect(refusal).toMatchObject({ code: 'unauthenticated', reason: 'TOKEN_MISSING' });
  });
});

describe("another's property", () => {
  it('an order of another account is NOT_FOUND, to read and to cancel', async () => {
    const other = await registerInvestor(client);
    const { orderId } = await placeOrder(other, limitTerms('BUY', symbol, '1', '95.00'));
    for (const rpc of ['OrderService/GetOrder', 'OrderService/CancelOrder']) {
      const refusal = await refusalOf(investor.call(rpc, { orderId }));
      expect(refusal).toMatchObject({ code: 'not_found', reason: 'ORDER_NOT_FOUND' });
    }
  });

  it.each(['LedgerService/GetBalances', 'PortfolioService/GetPortfolio', 'OrderService/ListOrders'])(
    '%s of another account is NOT_FOUND',
    async (rpc) => {
      const other = await registerInvestor(client);
      const refusal = await refusalOf(investor.call(rpc, { accountId: other.accountId }));
      expect(refusal.code).toBe('not_found');
    },
  );
});

it('ends no process, and the gateway answers afterwards', async () => {
  const answer = await createTestClient('connect', shared.gatewayUrl).call('MarketService/ListInstruments', {});
  expect(answer.instruments).toBeDefined();
  expect(pids.length).toBeGreaterThan(0);
  expect(runningPids()).toEqual(pids);
});

function rawGrpcStatus(body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(shared.gatewayUrl);
    session.once('error', reject);
    const request = session.request({
      ':method': 'POST',
      ':path': placeOrderPath,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${investor.token}`,
    });
    const done = (headers: http2.IncomingHttpHeaders) => {
      const status = headers['grpc-status'];
      if (status === undefined) return;
      session.close();
      resolve(String(status));
    };
    request.on('response', done);
    request.on('trailers', done);
    request.resume();
    request.end(body);
  });
}
