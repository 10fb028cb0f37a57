/** API keys at the edge. */
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { type VerifyApiKeyRequest, VerifyApiKeyResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import type { KeyScope } from '#platform/auth/scopes.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { callByHand, pathTo, unaryProtocols } from '../testing/call-by-hand.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const getOrder = pathTo(OrderService.method.getOrder);
const placeOrder = pathTo(OrderService.method.placeOrder);
const apiKeyOf = (name: string) => `ok_${name.padEnd(12, 'a')}_${'x'.repeat(43)}`;

type Terms = { scopes?: KeyScope[]; allowedNetworks?: string[]; callsPerSecondMax?: number; expireTime?: Timestamp };

let running: TestGateway | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

/** A gateway whose user service knows the keys; a key that is deleted is revoked. */
async function start(keys: Record<string, Terms>, config = {}, keyCheckEveryMs?: number) {
  const asked: VerifyApiKeyRequest[] = [];
  const inner: string[] = [];
  const verifyApiKey = async (request: VerifyApiKeyRequest) => {
    asked.push(request);
    const terms = keys[request.apiKey];
    if (terms === undefined) return create(VerifyApiKeyResponseSchema, { refusal: ErrorReason.API_KEY_REVOKED });
    const { scopes = ['read'], ...limits } = terms;
    const accessToken =
      (await running?.identity.userToken({ key: { keyId: request.apiKey.slice(0, 15), scopes } })) ?? '';
    inner.push(accessToken);
    return create(VerifyApiKeyResponseSchema, { accessToken, ...limits });
  };
  async function* streamOrders(_: never, { signal }: { signal: AbortSignal }) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield* [];
  }
  running = await startTestGateway(
    { verifyApiKey, streamOrders },
    config,
    {},
    keyCheckEveryMs === undefined ? {} : { keyCheckEveryMs },
  );
  const gateway = running;
  const call = (key: string, path: string, protocol: (typeof unaryProtocols)[number] = 'json', headers = {}) =>
    callByHand(gateway, protocol, { path, headers: { authorization: `Bearer ${key}`, ...headers } });
  return { gateway, asked, inner, call };
}

describe('an API key at the gateway', () => {
  const key = apiKeyOf('one');

  it.each(unaryProtocols)(
    'is accepted like a token over %s; what goes in is a token, never the key',
    async (protocol) => {
      const { gateway, inner, call } = await start({ [key]: {} });
      expect((await call(key, getOrder, protocol)).code).toBe(Code.OK);
      const [received] = gateway.received.filter(({ method }) => method === 'GetOrder');
      expect(received?.context.caller.user).toMatchObject({ token: inner[0], key: { scopes: ['read'] } });
    },
  );

  it('is asked about once for many calls', async () => {
    const { asked, call } = await start({ [key]: { scopes: ['read', 'trade'] } });
    const many = Array.from({ length: 40 }, (_, index) => call(key, index % 2 === 0 ? getOrder : placeOrder));
    for (const { code } of await Promise.all(many)) expect(code).toBe(Code.OK);
    expect(asked).toMatchObject([{ apiKey: key, clientAddress: expect.stringContaining('127.0.0.1') }]);
  });

  it('is refused with a reason of its own: unknown, revoked, without the scope, from elsewhere', async () => {
    const narrow = apiKeyOf('two');
    const { call } = await start(
      { [key]: {}, [narrow]: { allowedNetworks: ['203.0.113.0/24'] } },
      { trustForwardedFor: true },
    );
    expect(await call('ok_short', getOrder)).toMatchObject({ code: Code.UNAUTHENTICATED, reason: 'API_KEY_UNKNOWN' });
    expect(await call(apiKeyOf('gone'), getOrder)).toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: 'API_KEY_REVOKED',
    });
    expect(await call(key, placeOrder)).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: 'API_KEY_SCOPE_MISSING',
    });
    const from = (address: string) => call(narrow, getOrder, 'json', { 'x-forwarded-for': address });
    expect((await from('203.0.113.9')).code).toBe(Code.OK);
    expect(await from('203.0.114.9')).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: 'API_KEY_ADDRESS_NOT_ALLOWED',
    });
    expect(await call(narrow, getOrder)).toMatchObject({ reason: 'API_KEY_ADDRESS_NOT_ALLOWED' });
  });

  it('has its own rate beside that of its owner', async () => {
    const slow = apiKeyOf('slow');
    const { call } = await start({ [key]: {}, [slow]: { callsPerSecondMax: 1 } });
    const first = await call(slow, getOrder);
    expect(first.code).toBe(Code.OK);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => call(slow, getOrder)));
    const refused = outcomes.filter(({ code }) => code === Code.RESOURCE_EXHAUSTED);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: 'RATE_LIMITED' });
    expect(refused[0]?.headers.get('x-ratelimit-limit')).toBe('1');
    expect((await call(key, getOrder)).code).toBe(Code.OK);
  });

  it('that is made up is looked up no oftener than the address may call', async () => {
    const burst = 5;
    const { asked, call } = await start({}, { callsPerSecondMax: 0.01, callsBurstMax: burst });
    for (let index = 0; index < burst + 5; index += 1) await call(apiKeyOf(`made${'bcdefghijklm'[index]}`), getOrder);
    expect(asked).toHaveLength(burst);
    expect(await call(apiKeyOf('more'), getOrder)).toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('is looked up whatever anonymous callers and bad tokens at its address have used up', async () => {
    const { gateway, call } = await start({ [key]: {} }, { callsPerSecondMax: 0.01, callsBurstMax: 3 });
    for (let index = 0; index < 6; index += 1) await call('no-token', getOrder);
    expect(await callByHand(gateway, 'json', { path: getOrder })).toMatchObject({ reason: 'RATE_LIMITED' });
    expect((await call(key, getOrder)).code).toBe(Code.OK);
  });

  it('needs no scope where anonymous may call', async () => {
    const { call } = await start({ [key]: { scopes: ['money'] } });
    expect((await call(key, pathTo(MarketService.method.getInstrument))).code).toBe(Code.OK);
  });

  it('ends the streams that it opened when it is refused, with the reason', async () => {
    const brief = apiKeyOf('brief');
    // Remembered for half a second, and asked about again after that.
    const keys: Record<string, Terms> = { [brief]: { expireTime: timestampFromMs(Date.now() + 500) } };
    const { gateway, call } = await start(keys, {}, 20);
    const stream = call(brief, pathTo(OrderService.method.streamOrders), 'gRPC-web');
    await eventually(() => expect(gateway.received.some(({ method }) => method === 'StreamOrders')).toBe(true));
    delete keys[brief];
    expect(await stream).toMatchObject({ code: Code.UNAUTHENTICATED, reason: 'API_KEY_REVOKED' });
  });
});
