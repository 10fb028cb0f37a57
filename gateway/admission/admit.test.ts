import { afterEach, describe, expect, it } from 'vitest';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { callByHand, pathTo, unaryProtocols } from '../testing/call-by-hand.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const burst = 5;
// Slow enough that nothing comes back while a test runs.
const refillPerSecond = 0.01;
const getInstrument = pathTo(MarketService.method.getInstrument);
const getOrder = pathTo(OrderService.method.getOrder);

let running: TestGateway | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

async function start(): Promise<TestGateway> {
  running = await startTestGateway({}, { callsPerSecondMax: refillPerSecond, callsBurstMax: burst });
  return running;
}

describe('the rate of an address', () => {
  it.each(unaryProtocols)('counts calls with a token that is refused, over %s', async (protocol) => {
    const gateway = await start();
    const outcomes = [];
    for (let call = 0; call < burst + 3; call += 1) {
      outcomes.push(
        await callByHand(gateway, protocol, { path: getInstrument, headers: { authorization: 'Bearer x' } }),
      );
    }
    const codes = outcomes.map(({ code }) => code);
    expect(codes.slice(0, burst)).toEqual(Array(burst).fill(Code.UNAUTHENTICATED));
    expect(codes.at(-1)).toBe(Code.RESOURCE_EXHAUSTED);
    expect(outcomes[0]?.headers.get('x-ratelimit-limit')).toBe(String(refillPerSecond));
    expect(outcomes[0]?.headers.get('x-ratelimit-remaining')).toBe(String(burst - 1));
    const resets = outcomes.map(({ headers }) => Number(headers.get('x-ratelimit-reset')) - Date.now() / 1_000);
    // A call that is allowed takes 100 s to come back; one that is not takes nothing.
    for (const [call, reset] of resets.entries()) {
      expect(Math.abs(reset - Math.min(call + 1, burst) * 100)).toBeLessThan(60);
    }
    expect(outcomes.at(-1)?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(outcomes.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(1);
    expect(outcomes.at(-1)?.reason).toBe('RATE_LIMITED');
  });

  it('counts calls without a token that need one, and calls whose deadline had passed', async () => {
    const gateway = await start();
    const late = { path: getInstrument, headers: { 'connect-timeout-ms': '0', authorization: 'Bearer x' } };
    for (let call = 0; call < burst; call += 1) {
      await callByHand(gateway, 'json', call % 2 === 0 ? { path: getOrder } : late);
    }
    expect((await callByHand(gateway, 'json', { path: getOrder })).code).toBe(Code.RESOURCE_EXHAUSTED);
    expect((await callByHand(gateway, 'json', late)).http).toBe(429);
  });

  it('does not count for the callers at that address who show a valid token', async () => {
    const gateway = await start();
    for (let call = 0; call < burst + 3; call += 1) {
      await callByHand(gateway, 'json', { path: getOrder, headers: { authorization: 'Bearer x' } });
    }
    const authorization = `Bearer ${await gateway.identity.userToken()}`;
    expect((await callByHand(gateway, 'json', { path: getOrder, headers: { authorization } })).code).toBe(Code.OK);
  });
});
