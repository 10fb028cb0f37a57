import { describe, expect, it } from 'vitest';
import type { Fact, OrderFact } from './fact.ts';
import type { Preference } from './kinds.ts';
import { isMailed, planMail } from './mail-plan.ts';

const order: OrderFact = {
  side: 'buy',
  symbol: 'ACME',
  quantity: '10',
  limitPrice: '187.25',
  stop: '',
  filledQuantity: '4',
  averageFillPrice: '187',
  fees: '0.37',
  orderId: 'order-1',
  version: 3n,
};
const filled = (isWhole: boolean): Fact => ({
  type: 'order-filled',
  order,
  isWhole,
  quantity: '4',
  price: '187',
  fee: '0.37',
});
const cancelled: Fact = { type: 'order-ended', order, outcome: 'cancelled', reason: '' };
const untraded: Fact = { ...cancelled, order: { ...order, filledQuantity: '0' } };
const deposit: Fact = { type: 'deposited', amount: '1.00', currency: 'USD', transferId: 't' };
const without = (kind: Preference['kind']): Preference => ({ kind, email: false, inApp: true });
const atEnd: Preference = { kind: 'fill', email: true, inApp: true, fillEmails: 'at-end' };

describe('planMail', () => {
  it('mails an order when it ends and, unless its owner wants otherwise, while it fills', () => {
    const mail = { type: 'order', orderId: 'order-1', version: 3n };
    expect(planMail(filled(false), 'fill', [])).toEqual({ ...mail, hasEnded: false });
    expect(planMail(filled(false), 'fill', [atEnd])).toEqual({ type: 'none' });
    expect(planMail(filled(true), 'fill', [atEnd])).toEqual({ ...mail, hasEnded: true });
    expect(planMail(filled(true), 'fill', [without('fill')])).toEqual({ type: 'none' });
    expect(planMail(cancelled, 'order', [])).toEqual({ ...mail, hasEnded: true });
  });

  it('mails a cancelled order to who wants mails of orders, or of its fills', () => {
    const isMailedTo = (fact: Fact, ...preferences: Preference[]) =>
      planMail(fact, 'order', preferences).type === 'order';
    expect(isMailedTo(cancelled, without('fill'))).toBe(true);
    expect(isMailedTo(cancelled, without('order'))).toBe(true);
    expect(isMailedTo(untraded, without('order'))).toBe(false);
    expect(isMailedTo(cancelled, without('order'), without('fill'))).toBe(false);
  });

  it('mails all else at once, but never that an order is open', () => {
    expect(planMail(deposit, 'transfer', [without('fill')])).toEqual({ type: 'own' });
    expect(planMail(deposit, 'transfer', [without('transfer')])).toEqual({ type: 'none' });
    expect(isMailed({ type: 'order-opened', order, waitsUntil: '', hasWaited: false })).toBe(false);
    expect(isMailed(deposit)).toBe(true);
  });
});
