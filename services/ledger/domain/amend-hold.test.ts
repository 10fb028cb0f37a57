import { beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionState } from './admit-hold.ts';
import { type AmendRequest, amendHold } from './amend-hold.ts';
import { BalanceSheet } from './balance-sheet.ts';
import type { ExchangeEvent } from './exchange-event.ts';
import { type Hold, type HoldTerms, heldAmount, heldAsset, unfilled } from './hold.ts';
import { settle } from './settle.ts';

const base = { accountId: 'bob', symbol: 'ACME', tickLotMicros: 10_000n, lotMicros: 1_000_000n };
const fees = { makerBps: 10, takerBps: 20 };
let state: AdmissionState;

beforeEach(() => {
  state = {
    sheet: new BalanceSheet([{ accountId: 'bob', asset: 'USD', available: 20_000_000n, held: 0n }]),
    accounts: new Map([['bob', 'active']]),
    incomingMicros: new Map(),
  };
});

/** Ten shares at 1.00: 10.00 and a fee of 0.02. */
function openHold(given: Partial<HoldTerms> = {}): Hold {
  const terms: HoldTerms = { ...base, ...fees, side: 'buy', lots: 10n, priceTicks: 100n, ...given };
  const amount = heldAmount(terms, unfilled);
  const key = { accountId: 'bob', asset: heldAsset(terms) };
  if (terms.side === 'sell') state.sheet.credit(key, amount);
  state.sheet.hold(key, amount);
  return { orderId: 'o', state: 'open', terms, progress: unfilled, amount, revision: 0 };
}

const ask = (given: Partial<AmendRequest> = {}): AmendRequest => ({
  orderId: 'o',
  accountId: 'bob',
  number: 1,
  commandId: 'c1',
  lots: 10n,
  priceTicks: 120n,
  positionMaxMicros: undefined,
  ...given,
});
const cash = () => state.sheet.read({ accountId: 'bob', asset: 'USD' });
const feed = (hold: Hold, event: ExchangeEvent) =>
  settle([event], { sheet: state.sheet, holds: new Map([['o', hold]]), lists: new Map() });

describe('amendHold', () => {
  it('holds the greater of what the order costs and what it would cost', () => {
    const hold = openHold();
    expect(amendHold(hold, ask(), state)).toEqual({ kind: 'held' });
    // 12.00 and a fee of 0.024, rounded up.
    expect(hold).toMatchObject({ amount: 12_030_000n, terms: { priceTicks: 100n }, amendment: { state: 'pending' } });
    expect(cash()).toMatchObject({ available: 7_970_000n, held: 12_030_000n });
  });

  it('takes nothing for a change that costs no more', () => {
    const hold = openHold();
    expect(amendHold(hold, ask({ lots: 5n, priceTicks: 90n }), state)).toEqual({ kind: 'held' });
    expect(hold.amount).toBe(10_020_000n);
  });

  it('pays for lots that trade at the old price before the new, lower one is in force', () => {
    const hold = openHold();
    amendHold(hold, ask({ lots: 12n, priceTicks: 90n }), state);
    // Ten at 1.00 and two at 0.90, and 0.0236 of fee.
    expect(hold.amount).toBe(11_830_000n);
  });

  it('holds the shares of the greater quantity of a sale', () => {
    state.sheet.credit({ accountId: 'bob', asset: 'ACME' }, 5_000_000n);
    const hold = openHold({ side: 'sell' });
    expect(amendHold(hold, ask({ lots: 15n, priceTicks: 1n }), state)).toEqual({ kind: 'held' });
    expect(hold.amount).toBe(15_000_000n);
    const more = amendHold(openHold({ side: 'sell' }), ask({ lots: 16n }), state);
    expect(more).toMatchObject({ kind: 'refused', refusal: { reason: 'shares-insufficient' } });
  });

  it('refuses what is not available with its numbers, changes nothing, and says the same again', () => {
    const hold = openHold();
    const refused = {
      kind: 'refused',
      refusal: {
        reason: 'cash-insufficient',
        metadata: { needed: '10.02', available: '9.98', held: '10.02', currency: 'USD' },
      },
    };
    expect(amendHold(hold, ask({ lots: 20n, priceTicks: 100n }), state)).toEqual(refused);
    expect(hold.amount).toBe(10_020_000n);
    state.sheet.credit({ accountId: 'bob', asset: 'USD' }, 10_000_000n);
    expect(amendHold(hold, ask({ lots: 20n, priceTicks: 100n }), state)).toEqual(refused);
    expect(amendHold(hold, ask({ number: 2, lots: 20n, priceTicks: 100n }), state)).toEqual({ kind: 'held' });
  });

  it('refuses a frozen account, and a position over its limit by the lots that are added', () => {
    const hold = openHold();
    state.accounts = new Map([['bob', 'frozen']]);
    expect(amendHold(hold, ask(), state)).toMatchObject({ refusal: { reason: 'account-frozen' } });
    state.accounts = new Map([['bob', 'active']]);
    state.incomingMicros.set('bob ACME', 10_000_000n);
    const limited = { positionMaxMicros: 12_000_000n, priceTicks: 100n };
    expect(amendHold(hold, ask({ number: 2, lots: 13n, ...limited }), state)).toMatchObject({
      refusal: { reason: 'position-limit-exceeded', metadata: { position: '13', limit: '12' } },
    });
    expect(amendHold(hold, ask({ number: 3, lots: 12n, ...limited }), state)).toEqual({ kind: 'held' });
  });

  it('answers a repeat like the first call, and refuses the number with another body', () => {
    const hold = openHold();
    amendHold(hold, ask(), state);
    expect(amendHold(hold, ask(), state)).toEqual({ kind: 'held' });
    expect(hold.amount).toBe(12_030_000n);
    const other = { kind: 'refused', refusal: { reason: 'key-reused', metadata: {} } };
    expect(amendHold(hold, ask({ lots: 11n }), state)).toEqual(other);
  });

  it('decides no further change while the feed has not brought the outcome of the one before', () => {
    const hold = openHold();
    amendHold(hold, ask(), state);
    expect(amendHold(hold, ask({ number: 2, commandId: 'c2' }), state)).toEqual({ kind: 'unsettled' });
    feed(hold, { kind: 'command-rejected', sequence: 1n, orderId: 'o', commandId: 'c1' });
    expect(amendHold(hold, ask({ number: 2, commandId: 'c2' }), state)).toEqual({ kind: 'held' });
    expect(amendHold(hold, ask(), state)).toMatchObject({ refusal: { reason: 'hold-closed' } });
  });
});

describe('the feed after it', () => {
  const replaced = { kind: 'replaced', sequence: 1n, orderId: 'o', commandId: 'c1' } as const;

  it('sets the exact new terms when the order was replaced, and frees the rest', () => {
    const hold = openHold();
    amendHold(hold, ask({ lots: 12n, priceTicks: 90n }), state);
    feed(hold, { ...replaced, priceTicks: 90n, lots: 12n, remainingLots: 12n });
    expect(hold).toMatchObject({ amount: 10_830_000n, terms: { lots: 12n, priceTicks: 90n }, revision: 1 });
    expect(hold.amendment?.state).toBe('ended');
    expect(cash()).toMatchObject({ available: 9_170_000n, held: 10_830_000n });
  });

  it('frees what was held for a change that the exchange has refused, and not for another command', () => {
    const hold = openHold();
    amendHold(hold, ask(), state);
    feed(hold, { kind: 'command-rejected', sequence: 1n, orderId: 'o', commandId: 'cancel:o' });
    expect(hold.amount).toBe(12_030_000n);
    feed(hold, { kind: 'command-rejected', sequence: 2n, orderId: 'o', commandId: 'c1' });
    expect(hold).toMatchObject({ amount: 10_020_000n, amendment: { state: 'ended' } });
  });

  it('goes on to pay for the change when the exchange has changed the order by itself', () => {
    const hold = openHold();
    amendHold(hold, ask(), state);
    feed(hold, { ...replaced, commandId: '', priceTicks: 100n, lots: 8n, remainingLots: 8n });
    expect(hold).toMatchObject({ amount: 12_030_000n, terms: { lots: 8n }, amendment: { state: 'pending' } });
  });

  it('frees all at the end of the order, and a late request finds the hold closed', () => {
    const hold = openHold();
    amendHold(hold, ask(), state);
    feed(hold, { kind: 'ended', sequence: 1n, orderId: 'o' });
    expect(hold).toMatchObject({ amount: 0n, state: 'settled', amendment: { state: 'ended' } });
    expect(cash()).toMatchObject({ available: 20_000_000n, held: 0n });
    expect(amendHold(hold, ask({ number: 2 }), state)).toMatchObject({ refusal: { reason: 'hold-closed' } });
    expect(amendHold(hold, ask(), state)).toMatchObject({ refusal: { reason: 'hold-closed' } });
  });
});
