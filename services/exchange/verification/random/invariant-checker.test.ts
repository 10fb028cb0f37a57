import { describe, expect, it } from 'vitest';
import { Side, TimeInForce } from '../../engine/model/codes.ts';
import type { SubmitCommand } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { order, orderId } from '../../engine/testing/driver.ts';
import { InvariantChecker } from './invariant-checker.ts';

const symbol = 'ACME';

function accepted(number: number, terms: Partial<SubmitCommand> = {}): EngineEvent {
  const {
    kind: _kind,
    idTimeMs: _time,
    symbol: _symbol,
    ...rest
  } = order(number, { accountId: `${number}`, ...terms });
  return { kind: 'accepted', symbol, order: { ...rest, selfTradeGroup: rest.selfTradeGroup || rest.accountId } };
}

function traded(
  numbers: [maker: number, taker: number],
  priceTicks: number,
  quantityLots: number,
  open: [number, number],
) {
  const side = (i: 0 | 1) => ({
    orderId: orderId(numbers[i]),
    accountId: `${numbers[i]}`,
    side: i === 0 ? Side.SELL : Side.BUY,
  });
  const maker = { ...side(0), remainingLots: open[0] };
  const taker = { ...side(1), remainingLots: open[1] };
  return { kind: 'traded', symbol, priceTicks, quantityLots, maker, taker, auction: false } as const;
}

const maker = accepted(1, { side: Side.SELL });

function brokenBy(...events: EngineEvent[]): string | undefined {
  return new InvariantChecker().check([maker, ...events])?.replace(/:.*/, '');
}

describe('InvariantChecker', () => {
  it('has nothing to say of a trade at the price of both', () => {
    expect(brokenBy(accepted(2), traded([1, 2], 100, 4, [6, 6]))).toBeUndefined();
  });

  it('names a trade past a limit, within a group, of lots that were not there, and of a dead order', () => {
    expect(brokenBy(accepted(2), traded([1, 2], 101, 4, [6, 6]))).toBe('a trade past a limit');
    expect(brokenBy(accepted(2, { selfTradeGroup: '1' }), traded([1, 2], 100, 4, [6, 6]))).toBe(
      'two orders of one group traded',
    );
    expect(brokenBy(accepted(2), traded([1, 2], 100, 4, [7, 6]))).toBe('lots were lost');
    const both = [traded([1, 2], 100, 10, [0, 0]), traded([1, 2], 100, 1, [0, 0])];
    expect(brokenBy(accepted(2), ...both)).toBe('a dead order traded');
  });

  it('names a FOK that traded in part, a minimum that was not honoured, and an IOC that rests', () => {
    const cancel = { kind: 'cancelled', symbol, orderId: orderId(2), accountId: '2', commandId: '' } as const;
    const part = [traded([1, 2], 100, 4, [6, 6]), { ...cancel, reason: 2, remainingLots: 6 } as const];
    expect(brokenBy(accepted(2, { timeInForce: TimeInForce.FOK }), ...part)).toBe('a FOK that traded in part');
    expect(brokenBy(accepted(2, { minimumLots: 5 }), traded([1, 2], 100, 4, [6, 6]))).toBe(
      'less than the minimum traded',
    );
    expect(brokenBy(accepted(2, { timeInForce: TimeInForce.IOC }))).toBe('an order rests that may not');
  });
});
