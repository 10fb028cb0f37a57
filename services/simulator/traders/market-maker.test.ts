import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type Order, OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { HouseInstrument } from '../domain/instrument.ts';
import type { HouseOrders } from './house-orders.ts';
import { createMarketMaker } from './market-maker.ts';
import { createOrderBookKeeper } from './order-book-keeper.ts';
import type { Pace } from './pace.ts';
import type { Phase } from './phases.ts';

const symbols = ['A', 'B', 'C'];
const instruments = symbols.map(
  (symbol): HouseInstrument => ({ symbol, tickMicros: 10_000n, lotMicros: 1_000_000n, referenceTicks: 10_000 }),
);

function start(pace: Pace, phases: Map<string, Phase> = new Map()) {
  const fair = new Map(symbols.map((symbol) => [symbol, 10_000]));
  const open = new Map<string, Order>();
  const sent: string[] = [];
  const orders: Pick<HouseOrders, 'quote' | 'cancel'> = {
    async quote({ symbol }, { side, priceTicks, lots }, phase) {
      const orderId = `o${open.size}`;
      sent.push(`${symbol} ${side} ${priceTicks}${phase === 'trading' ? '' : ` ${phase}`}`);
      const quantity = String(lots);
      const terms = { symbol, side: side === 'buy' ? Side.BUY : Side.SELL, quantity, filledQuantity: '0' };
      const order = { ...terms, orderId, limitPrice: (priceTicks / 100).toFixed(2), status: OrderStatus.OPEN };
      open.set(orderId, create(OrderSchema, order));
      return open.get(orderId);
    },
    async cancel(orderId) {
      const symbol = open.get(orderId)?.symbol;
      sent.push(`cancel ${symbol}`);
      return create(OrderSchema, { orderId, symbol, version: 1n, status: OrderStatus.CANCELLED });
    },
  };
  const keeper = createOrderBookKeeper(new Map(instruments.map((one) => [one.symbol, one])));
  const fairTicks = (symbol: string) => fair.get(symbol);
  const phaseOf = (symbol: string) => phases.get(symbol) ?? 'trading';
  const heldLots = () => new Map<string, number>();
  const maker = createMarketMaker({ instruments, fairTicks, orders, keeper, heldLots, pace, phaseOf });
  return { maker, fair, sent };
}

describe('createMarketMaker', () => {
  it('quotes for an auction, and sends nothing to a book that takes no orders', async () => {
    const phases = new Map<string, Phase>(
      symbols.map((symbol, index) => [symbol, index === 0 ? 'collecting' : 'closed']),
    );
    const { maker, sent } = start({ tryTake: () => true }, phases);
    await maker.act();
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every((line) => line.startsWith(`${symbols[0]} `) && line.endsWith(' collecting'))).toBe(true);
    phases.set(symbols[0] as string, 'closed');
    const count = sent.length;
    await maker.act();
    expect(sent).toHaveLength(count);
  });

  it('quotes every book at once, then replaces nothing but what has moved too far', async () => {
    const { maker, fair, sent } = start({ tryTake: () => true });
    await maker.act();
    expect(sent).toHaveLength(3 * 6);
    sent.length = 0;
    fair.set('B', 10_001);
    await maker.act();
    expect(sent).toEqual([]);
    fair.set('B', 10_004);
    await maker.act();
    // One level further: the last of one side becomes the first, and the first of the other the last.
    expect(sent).toEqual(['cancel B', 'cancel B', 'B buy 9999', 'B sell 10017']);
  });

  it('begins with the books that the pace left out of the round before', async () => {
    let permitted = 1;
    const { maker, sent } = start({ tryTake: () => permitted-- > 0 });
    await maker.act();
    expect(new Set(sent.map((text) => text.split(' ')[0]))).toEqual(new Set(['A']));
    permitted = 1;
    sent.length = 0;
    await maker.act();
    expect(new Set(sent.map((text) => text.split(' ')[0]))).toEqual(new Set(['B']));
  });
});
