import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { feeAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { type Hold, type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import { SettlementFault, type SettlementState, settle } from './settle.ts';

const base = { symbol: 'ACME', tickLotMicros: 10_000n, lotMicros: 1_000_000n, makerBps: 10, takerBps: 20 };
let state: SettlementState;

beforeEach(() => {
  state = { sheet: new BalanceSheet(), holds: new Map(), lists: new Map() };
});

function openHold(
  orderId: string,
  given: Pick<HoldTerms, 'accountId' | 'side' | 'lots' | 'priceTicks' | 'amountMicros'>,
): Hold {
  const terms = { ...base, ...given };
  const amount = heldAmount(terms, unfilled);
  const hold: Hold = { orderId, state: 'open', terms, progress: unfilled, amount, revision: 0 };
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  state.sheet.credit(key, amount);
  state.sheet.hold(key, amount);
  state.holds.set(orderId, hold);
  return hold;
}

function trade(given: {
  lots: bigint;
  priceTicks: bigint;
  makerLeft: bigint;
  takerLeft: bigint;
  tradeId?: string;
}): ExchangeEvent {
  const { lots, priceTicks, makerLeft, takerLeft, tradeId = '0-1' } = given;
  return {
    kind: 'traded',
    sequence: 7n,
    tradeId,
    symbol: 'ACME',
    priceTicks,
    lots,
    maker: { orderId: 'ask', accountId: 'sue', side: 'sell', remainingLots: makerLeft },
    taker: { orderId: 'bid', accountId: 'bob', side: 'buy', remainingLots: takerLeft },
  };
}

const cashOf = (accountId: string) => state.sheet.read({ accountId, asset: 'USD' });
const sharesOf = (accountId: string) => state.sheet.read({ accountId, asset: 'ACME' });

describe('settle', () => {
  it('pays both sides from what they hold, takes the fees, and frees what a better price left over', () => {
    openHold('ask', { accountId: 'sue', side: 'sell', lots: 10n, priceTicks: 90n });
    const bid = openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
    const { entries } = settle([trade({ lots: 4n, priceTicks: 90n, makerLeft: 6n, takerLeft: 6n })], state);
    expect(sharesOf('bob')).toMatchObject({ available: 4_000_000n });
    expect(sharesOf('sue')).toMatchObject({ available: 0n, held: 6_000_000n });
    expect(cashOf('sue')).toMatchObject({ available: 3_590_000n, held: 0n });
    expect(cashOf(feeAccount)).toMatchObject({ available: 20_000n });
    // Of 10.02 held, 3.60 and a fee of 0.01 were paid; 6.00 and at most 0.01 more of a fee stay.
    expect(bid.amount).toBe(6_010_000n);
    expect(cashOf('bob')).toMatchObject({ held: 6_010_000n, available: 10_020_000n - 3_610_000n - 6_010_000n });
    expect(entries[0]?.fact).toMatchObject({ valueMicros: 3_600_000n, micros: 4_000_000n, takerSide: 'buy' });
  });

  it('closes the holds of filled orders with nothing left in them', () => {
    const ask = openHold('ask', { accountId: 'sue', side: 'sell', lots: 10n, priceTicks: 90n });
    const bid = openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
    settle([trade({ lots: 10n, priceTicks: 95n, makerLeft: 0n, takerLeft: 0n })], state);
    for (const hold of [ask, bid]) expect(hold).toMatchObject({ state: 'settled', amount: 0n });
    expect(cashOf('bob')).toMatchObject({ held: 0n, available: 10_020_000n - 9_520_000n });
  });

  it('pays a buy by amount from its amount, and frees what is left of that with the trade that says so', () => {
    openHold('ask', { accountId: 'sue', side: 'sell', lots: 10n, priceTicks: 90n });
    const bid = openHold('bid', {
      accountId: 'bob',
      side: 'buy',
      lots: 50n,
      priceTicks: 110n,
      amountMicros: 5_000_000n,
    });
    expect(cashOf('bob')).toMatchObject({ available: 0n, held: 5_000_000n });
    settle([trade({ lots: 4n, priceTicks: 90n, makerLeft: 6n, takerLeft: 46n })], state);
    expect(bid).toMatchObject({ state: 'open', amount: 5_000_000n - 3_600_000n - 10_000n });
    expect(cashOf('bob')).toMatchObject({ available: 0n });
    settle([trade({ lots: 1n, priceTicks: 100n, makerLeft: 5n, takerLeft: 0n, tradeId: '0-2' })], state);
    expect(bid).toMatchObject({ state: 'settled', amount: 0n, terms: { lots: 5n } });
    // 4.60 and a fee of 0.0092, rounded up.
    expect(cashOf('bob')).toMatchObject({ available: 390_000n, held: 0n });
  });

  it('names a trade that a buy by amount cannot pay, though its lots and its price permit it', () => {
    openHold('ask', { accountId: 'sue', side: 'sell', lots: 10n, priceTicks: 90n });
    openHold('bid', { accountId: 'bob', side: 'buy', lots: 50n, priceTicks: 110n, amountMicros: 3_609_999n });
    const events = [trade({ lots: 4n, priceTicks: 90n, makerLeft: 6n, takerLeft: 46n })];
    expect(() => settle(events, state)).toThrow('0-1 is outside of what bid may do');
  });

  it('frees the whole rest when an order ends, once', () => {
    const bid = openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
    const ended: ExchangeEvent = { kind: 'ended', sequence: 8n, orderId: 'bid' };
    settle([ended, ended], state);
    expect(bid).toMatchObject({ state: 'settled', amount: 0n });
    expect(cashOf('bob')).toMatchObject({ held: 0n, available: 10_020_000n });
  });

  it('remembers the end of an order that never had a hold', () => {
    expect(settle([{ kind: 'ended', sequence: 8n, orderId: 'none' }], state).endedUnknown).toEqual(['none']);
  });

  it('frees the difference when an order is replaced by a smaller one', () => {
    const bid = openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
    settle(
      [{ kind: 'replaced', sequence: 8n, orderId: 'bid', priceTicks: 90n, lots: 5n, remainingLots: 5n, commandId: '' }],
      state,
    );
    expect(bid).toMatchObject({ amount: 4_510_000n, revision: 1, state: 'open' });
    expect(cashOf('bob')).toMatchObject({ held: 4_510_000n, available: 5_510_000n });
  });

  it.each<[string, () => ExchangeEvent]>([
    ['trades without a hold', () => trade({ lots: 1n, priceTicks: 95n, makerLeft: 9n, takerLeft: 9n })],
    ['trades more than was ordered', () => fullTrade({ lots: 11n })],
    ['trades above the limit of the buyer', () => fullTrade({ priceTicks: 101n })],
    ['trades below the limit of the seller', () => fullTrade({ priceTicks: 89n })],
    ['has more left than was ordered', () => fullTrade({ makerLeft: 10n })],
    ['names another account', () => ({ ...fullTrade({}), maker: { ...makerOf(fullTrade({})), accountId: 'eve' } })],
    [
      'is replaced by more than it holds',
      () => {
        openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
        return {
          kind: 'replaced',
          sequence: 8n,
          orderId: 'bid',
          priceTicks: 101n,
          lots: 10n,
          remainingLots: 10n,
          commandId: '',
        };
      },
    ],
  ])('stops at an order that %s', (_name, event) => {
    expect(() => settle([event()], state)).toThrow(SettlementFault);
  });

  it('conserves every cent and share over any sequence of fills and a cancel', () => {
    const step = fc.record({ lots: fc.bigInt({ min: 1n, max: 4n }), price: fc.bigInt({ min: 90n, max: 100n }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        state = { sheet: new BalanceSheet(), holds: new Map(), lists: new Map() };
        const lots = 20n;
        openHold('ask', { accountId: 'sue', side: 'sell', lots, priceTicks: 90n });
        openHold('bid', { accountId: 'bob', side: 'buy', lots, priceTicks: 100n });
        const cash = cashOf('bob').held;
        let left = lots;
        const events: ExchangeEvent[] = [];
        for (const { lots: wanted, price } of steps) {
          const filled = wanted < left ? wanted : left;
          if (filled === 0n) break;
          left -= filled;
          events.push(
            trade({ lots: filled, priceTicks: price, makerLeft: left, takerLeft: left, tradeId: `0-${events.length}` }),
          );
        }
        events.push({ kind: 'ended', sequence: 9n, orderId: 'bid' }, { kind: 'ended', sequence: 10n, orderId: 'ask' });
        settle(events, state);
        const total = ['bob', 'sue', feeAccount].reduce((sum, owner) => sum + cashOf(owner).available, 0n);
        expect(total).toBe(cash);
        expect(sharesOf('bob').available + sharesOf('sue').available).toBe(lots * 1_000_000n);
        for (const owner of ['bob', 'sue']) expect([cashOf(owner).held, sharesOf(owner).held]).toEqual([0n, 0n]);
      }),
    );
  });
});

type Traded = Extract<ExchangeEvent, { kind: 'traded' }>;

function fullTrade(given: Partial<Parameters<typeof trade>[0]>): Traded {
  state = { sheet: new BalanceSheet(), holds: new Map(), lists: new Map() };
  openHold('ask', { accountId: 'sue', side: 'sell', lots: 10n, priceTicks: 90n });
  openHold('bid', { accountId: 'bob', side: 'buy', lots: 10n, priceTicks: 100n });
  return trade({ lots: 5n, priceTicks: 95n, makerLeft: 5n, takerLeft: 5n, ...given }) as Traded;
}

const makerOf = (event: Traded) => event.maker;
