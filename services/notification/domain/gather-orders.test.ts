import { describe, expect, it } from 'vitest';
import { gatherOrders, ordersAMailMax, type WaitingOrder } from './gather-orders.ts';
import { render, renderMail } from './render.ts';

const contact = { accountId: 'ada', email: 'ada@example.com', displayName: 'Ada', house: false };
const waiting = (id: string, values: Partial<WaitingOrder> = {}): WaitingOrder => ({
  deliveryId: id,
  factId: `fact-${id}`,
  accountId: 'ada',
  kind: 'fill',
  subject: `Order filled: bought ${id} ACME at 187`,
  text: `You bought ${id} ACME at 187.`,
  factTimeMs: 1_000,
  contact,
  ...values,
});
const gather = (...orders: WaitingOrder[]) => gatherOrders(orders, () => 'new');

describe('gatherOrders', () => {
  it('mails a single order as it was queued', () => {
    expect(gather(waiting('1'))).toEqual([{ mail: { ...waiting('1'), attempts: 1 }, replaces: [] }]);
  });

  it('mails several orders of a person together, those of others apart', () => {
    const other = waiting('3', { accountId: 'bob' });
    const cancelled = waiting('2', {
      kind: 'order',
      subject: 'Order cancelled: buy 2 ACME',
      text: 'It was.',
      factTimeMs: 9_000,
    });
    expect(gather(waiting('1'), other, cancelled, waiting('4'))).toEqual([
      {
        mail: {
          deliveryId: 'new',
          factId: 'new',
          accountId: 'ada',
          kind: 'order',
          subject: '3 orders: 2 filled, 1 cancelled',
          text: [
            'Order filled: bought 1 ACME at 187\nYou bought 1 ACME at 187.',
            'Order cancelled: buy 2 ACME\nIt was.',
            'Order filled: bought 4 ACME at 187\nYou bought 4 ACME at 187.',
          ].join('\n\n'),
          factTimeMs: 9_000,
          attempts: 1,
          contact,
        },
        replaces: ['1', '2', '4'],
      },
      { mail: { ...other, attempts: 1 }, replaces: [] },
    ]);
  });

  it('has the text of 50 orders at most, and counts the others', () => {
    const orders = Array.from({ length: ordersAMailMax + 2 }, (_, index) => waiting(`n${index}`));
    const [{ mail, replaces } = { mail: undefined, replaces: [] }] = gather(...orders);
    expect(replaces).toHaveLength(52);
    expect(mail?.subject).toBe('52 orders: 52 filled');
    expect(mail?.text.split('\n\n')).toHaveLength(51);
    expect(mail?.text).toMatch(/bought n49 [\s\S]*\n\n2 more orders are in your messages in the app\.$/);
    expect(gather(...orders.slice(1))[0]?.mail.text).toMatch(/\n\n1 more order is in your messages in the app\.$/);
  });

  it('counts each outcome that the subject of an order may have', () => {
    const order = {
      side: 'buy',
      symbol: 'A',
      quantity: '2',
      limitPrice: '',
      stop: '',
      filledQuantity: '1',
      averageFillPrice: '1',
    } as const;
    const ended = {
      type: 'order-ended',
      order: { ...order, fees: '', orderId: 'o', version: 1n },
      reason: '',
    } as const;
    const fill = { ...ended, type: 'order-filled', quantity: '1', price: '1', fee: '0' } as const;
    const subjects = [
      renderMail({ ...fill, isWhole: true }),
      renderMail({ ...fill, isWhole: false }),
      render({ ...ended, outcome: 'cancelled' }),
      render({ ...ended, outcome: 'rejected' }),
    ].map(({ subject }, index) => waiting(String(index), { subject }));
    expect(gather(...subjects)[0]?.mail.subject).toBe('4 orders: 1 filled, 1 partly filled, 1 cancelled, 1 refused');
  });
});
