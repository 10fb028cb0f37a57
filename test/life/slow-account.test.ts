import { describe, expect, it } from 'vitest';
import { Fraction } from './fraction.ts';
import { SlowAccount, type SlowFill } from './slow-account.ts';

const cent = Fraction.of('0.01');
const fees = { makerBps: 2, takerBps: 5, unit: cent };

function fill(given: { side: 'buy' | 'sell'; quantity: string; price: string; isMaker?: boolean }): SlowFill {
  const { side, quantity, price, isMaker = false } = given;
  return {
    ...{ orderId: 'one', symbol: 'ACME', side, isMaker },
    ...{ quantity: Fraction.of(quantity), price: Fraction.of(price) },
  };
}

describe('SlowAccount', () => {
  it('rounds the fee of an order once, however many fills it has', () => {
    const account = new SlowAccount(fees);
    account.pay(Fraction.of('1000'));
    // 5 bps of 10.00 is half a cent.
    const charged = Array.from({ length: 3 }, () => account.fill(fill({ side: 'buy', quantity: '1', price: '10' })));
    expect(charged.map(String)).toEqual(['0.010000', '0.000000', '0.010000']);
    expect(String(account.cash)).toBe('969.980000');
    expect([String(account.sharesOf('ACME')), String(account.tradedBy('one'))]).toEqual(['3.000000', '3.000000']);
  });

  it('says what the rest of a buy costs at most, at the dearer rate, less the fee that was paid', () => {
    const account = new SlowAccount(fees);
    const rest = () => String(account.costOf('one', Fraction.of('3'), Fraction.of('10')));
    expect(rest()).toBe('30.020000');
    account.fill(fill({ side: 'buy', quantity: '1', price: '10' }));
    expect(rest()).toBe('30.010000');
  });

  it('charges each role its own rate on the sum of both', () => {
    const account = new SlowAccount(fees);
    account.fill(fill({ side: 'sell', quantity: '10', price: '100', isMaker: true }));
    account.fill(fill({ side: 'sell', quantity: '10', price: '100' }));
    expect(String(account.feesPaid)).toBe('0.700000');
    expect(String(account.cash)).toBe('1999.300000');
  });

  it('lets no sale pay more than it brings', () => {
    const account = new SlowAccount({ makerBps: 0, takerBps: 1_000, unit: cent });
    expect(String(account.fill(fill({ side: 'sell', quantity: '0.5', price: '0.01' })))).toBe('0.005000');
    expect(String(account.cash)).toBe('0.000000');
  });
});
