/** One saga of an order runs once, whichever process drives it: a paused executor, the sweeper of another process, and the client's retries. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createDayClient, type DayClient } from '../chaos/crash-points/client.ts';
import { judge } from '../chaos/judge/judge.ts';
import { untilQuiet } from '../chaos/judge/quiet.ts';
import { countAccepted, deliverSubmit, growOld, readOrder, stopExecutor } from '../chaos/mutants/late-submit.ts';
import { goOn } from '../chaos/mutants/stopping.ts';
import { type ChaosSystem, startChaosSystem } from '../chaos/system/chaos-system.ts';
import { type Market, openMarket } from '../chaos/traffic/open-market.ts';

const [buyer, seller] = [0, 1];
let target: ChaosSystem;
let market: Market;
let client: DayClient;
let symbol: string;

beforeAll(async () => {
  target = await startChaosSystem({ replicas: 1, replicasOf: { order: 2 }, points: true });
  market = await openMarket(target.system, { users: 2, symbols: 1 });
  client = createDayClient(target.system.gatewayUrls, market);
  [symbol = ''] = market.symbols;
}, 180_000);
afterAll(async () => {
  client?.[Symbol.dispose]();
  await target?.[Symbol.asyncDispose]();
}, 90_000);

const terms = (side: 'BUY' | 'SELL', limitPrice: string) => ({
  ...{ symbol, side: `SIDE_${side}`, type: 'ORDER_TYPE_LIMIT', quantity: '2', limitPrice },
});

async function expectAllRight(): Promise<void> {
  expect(await untilQuiet(target.system, () => 0, 60_000)).toEqual([]);
  expect(await judge(target.system, { market, operations: client.operations })).toEqual([]);
}

describe('an order whose executor is stopped right before its Submit', () => {
  it('is taken to the book once, by the sweeper and the client’s retries, and by the executor when it goes on', {
    timeout: 120_000,
  }, async () => {
    const { operation, settled, executor } = await stopExecutor({ target, client }, buyer, terms('BUY', '90.00'));
    await settled;
    goOn(target, executor);
    expect(operation.lost.length).toBeGreaterThan(0);
    const { order_id, state } = await readOrder(target, operation.key);
    expect(state).toBe('open');
    await expectAllRight();
    expect(await countAccepted(target, order_id)).toBe(1);
  });

  it('does not trade once it was compensated, however late its Submit arrives', { timeout: 120_000 }, async () => {
    await client.place(seller, terms('SELL', '100.00'));
    const market = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '2' };
    const { operation, settled, executor, other } = await stopExecutor({ target, client }, buyer, market);
    await growOld(target, other);
    await settled;
    const order = await readOrder(target, operation.key);
    expect(order.state).toBe('rejected');
    const [late] = await deliverSubmit(target, order);
    expect(late?.reason).toBe(ErrorReason.ORDER_VOIDED);
    goOn(target, executor);
    await expectAllRight();
    expect(await countAccepted(target, order.order_id)).toBe(0);
  });
});
