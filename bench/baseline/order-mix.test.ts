import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createRandom } from '../load/random.ts';
import { createOrderMix } from './order-mix.ts';

const count = 5_000;
const mixOf = (seed: number) =>
  createOrderMix({ random: createRandom(seed), traders: 5, symbols: ['ONE', 'TWO'], keyPrefix: 'test' });
const commandsOf = (seed: number) => {
  const mix = mixOf(seed);
  return Array.from({ length: count }, () => mix.next());
};
const decode = (body: Buffer) => fromBinary(PlaceOrderRequestSchema, body);

describe('createOrderMix', () => {
  const commands = commandsOf(1);
  const placed = commands.filter((command) => command.kind === 'place');

  it('has the shares that it states', () => {
    const share = (part: number) => part / count;
    expect(share(commands.length - placed.length)).toBeCloseTo(0.15, 1.5);
    expect(share(placed.filter(({ crosses }) => crosses).length)).toBeCloseTo(0.3, 1.5);
    expect(new Set(commands.map(({ trader }) => trader))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('makes orders that rest on their own side and orders that cross the spread', () => {
    for (const { body, crosses } of placed) {
      const { terms } = decode(body);
      const isBuy = terms?.side === Side.BUY;
      const price = Number(terms?.limitPrice);
      expect(terms?.type).toBe(OrderType.LIMIT);
      expect(terms?.timeInForce).toBe(crosses ? TimeInForce.IOC : TimeInForce.GTC);
      expect(price > 100).toBe(isBuy === crosses);
      expect(Number(terms?.size.value)).toBeGreaterThan(0);
    }
  });

  it('takes about as much as it leaves, so that books stay as they are', () => {
    const lots = (crosses: boolean) =>
      placed
        .filter((command) => command.crosses === crosses)
        .reduce((sum, { body }) => sum + Number(decode(body).terms?.size.value), 0);
    expect(lots(true) / lots(false)).toBeGreaterThan(0.7);
    expect(lots(true) / lots(false)).toBeLessThan(1);
  });

  it('uses each order key once, and makes the same commands of the same seed', () => {
    const keys = placed.map(({ body }) => decode(body).clientOrderId);
    expect(new Set(keys).size).toBe(keys.length);
    expect(commandsOf(1)).toEqual(commands);
    expect(commandsOf(2)).not.toEqual(commands);
  });

  it('takes other shares, with orders that no account can pay for, in the symbols of each trader', () => {
    const mix = createOrderMix({
      random: createRandom(3),
      traders: 2,
      symbols: [],
      keyPrefix: 'test',
      shares: { crossingOf100: 0, cancelsOf100: 0, refusedOf100: 50, crossingLotsMax: 9, restingTicksMin: 10 },
      symbolsOf: (trader) => [`OF${trader}`],
    });
    const all = Array.from({ length: count }, () => mix.next()).filter((command) => command.kind === 'place');
    expect(all).toHaveLength(count);
    expect(all.filter(({ isRefused }) => isRefused).length / count).toBeCloseTo(0.5, 1);
    for (const { body, isRefused, trader } of all) {
      const { terms } = decode(body);
      expect(terms?.symbol).toBe(`OF${trader}`);
      expect(Number(terms?.size.value) > 1_000_000).toBe(isRefused);
      if (isRefused) expect(terms?.side).toBe(Side.BUY);
      expect(Math.abs(Number(terms?.limitPrice) - 100)).toBeGreaterThan(0.09);
    }
  });
});
