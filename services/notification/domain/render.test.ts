import { describe, expect, it } from 'vitest';
import type { Fact, OrderFact } from './fact.ts';
import { render, renderMail } from './render.ts';

const order: OrderFact = {
  side: 'buy',
  symbol: 'ACME',
  quantity: '10',
  limitPrice: '187.25',
  stop: '',
  filledQuantity: '0',
  averageFillPrice: '',
  fees: '',
  orderId: 'order-1',
  version: 1n,
};

const resting = { waitsUntil: '', hasWaited: false };

describe('render', () => {
  it('says in the subject of a fill what was filled', () => {
    const fill = {
      type: 'order-filled',
      order: { ...order, filledQuantity: '10' },
      quantity: '10',
      price: '187',
      fee: '0.94',
    } as const;
    expect(render({ ...fill, isWhole: true })).toEqual({
      kind: 'fill',
      subject: 'Order filled: bought 10 ACME at 187',
      text: 'You bought 10 ACME at 187.\nFee: 0.94\nFilled so far: 10 of 10\nOrder: order-1',
    });
    const sold = render({
      ...fill,
      order: { ...order, side: 'sell', filledQuantity: '4' },
      quantity: '4',
      isWhole: false,
    });
    expect(sold.subject).toBe('Order partly filled: sold 4 ACME at 187');
  });

  it('mails all fills of an order so far, not the last one alone', () => {
    const all = { ...order, side: 'sell', filledQuantity: '10', averageFillPrice: '187.05', fees: '1.87' } as const;
    const last = { type: 'order-filled', order: all, quantity: '4', price: '187', fee: '0.75' } as const;
    expect(renderMail({ ...last, isWhole: true })).toEqual({
      kind: 'fill',
      subject: 'Order filled: sold 10 ACME at 187.05 on average',
      text: 'You sold 10 ACME at 187.05 on average, in several fills.\nFees: 1.87\nFilled so far: 10 of 10\nOrder: order-1',
    });
    expect(renderMail({ ...last, isWhole: false }).subject).toBe(
      'Order partly filled: sold 10 ACME at 187.05 on average',
    );
    const only = { ...last, quantity: '10', price: '187.05', fee: '1.87', isWhole: true };
    expect(renderMail(only)).toEqual(render(only));
  });

  it('describes the outcome of an order', () => {
    expect(render({ type: 'order-opened', order, ...resting }).subject).toBe('Order open: buy 10 ACME at 187.25');
    const ended = { type: 'order-ended', order, reason: '' } as const;
    expect(render({ ...ended, outcome: 'cancelled' })).toMatchObject({
      kind: 'order',
      subject: 'Order cancelled: buy 10 ACME at 187.25',
      text: 'Your order was cancelled.\nNothing of it traded.\nOrder: order-1',
    });
    expect(render({ ...ended, outcome: 'cancelled', reason: 'self-trade prevention: it met an own order' }).text).toBe(
      'Your order was cancelled: self-trade prevention: it met an own order.\nNothing of it traded.\nOrder: order-1',
    );
    const partly = render({ ...ended, order: { ...order, filledQuantity: '3' }, outcome: 'cancelled' });
    expect(partly.text).toContain('3 of 10 shares traded before that.');
    const filled = { ...order, filledQuantity: '3', averageFillPrice: '187.1', fees: '0.37' };
    expect(render({ ...ended, order: filled, outcome: 'cancelled' }).text).toContain(
      '3 of 10 shares traded before that.\nYou bought them at 187.1 on average.\nFees: 0.37\n',
    );
    const market = { ...order, limitPrice: '' };
    expect(render({ ...ended, order: market, outcome: 'rejected', reason: 'cash insufficient' })).toMatchObject({
      subject: 'Order refused: buy 10 ACME',
      text: expect.stringContaining('Reason: cash insufficient'),
    });
  });

  it('says of an order that waits what it waits for, and when it is in the book that it has waited', () => {
    const stop: OrderFact = { ...order, side: 'sell', limitPrice: '180', stop: 'stop 182.00' };
    const waitsUntil = 'a trade is at 182.00 or lower';
    expect(render({ type: 'order-opened', order: stop, waitsUntil, hasWaited: false })).toEqual({
      kind: 'order',
      subject: 'Order waits: sell 10 ACME at 180, stop 182.00',
      text: 'Your order waits outside of the book until a trade is at 182.00 or lower.\nOrder: order-1',
    });
    const entered = render({ type: 'order-opened', order: stop, waitsUntil: '', hasWaited: true });
    expect(entered.text).toBe('What your order waited for has come: it is in the book.\nOrder: order-1');
  });

  it('says how many log-ins failed, when, and what follows from it', () => {
    const firstTimeMs = Date.UTC(2026, 10, 28, 14, 5, 59);
    const fact = { type: 'log-ins-failed', failedCount: 12, firstTimeMs, lastTimeMs: firstTimeMs + 600_000 } as const;
    expect(render(fact)).toEqual({
      kind: 'security',
      subject: 'Wrong passwords for your account: 12 log-ins failed',
      text: [
        'A wrong password was entered for your account 12 times between 2026-11-28 14:05 UTC and 2026-11-28 14:15 UTC.',
        'Your account is not locked: your own password works as before.',
        'If this was not you, make sure that you use this password nowhere else, or change it.',
      ].join('\n'),
    });
  });

  it('says what a new API key may do, from where and until when', () => {
    const key = { type: 'api-key-made', name: 'robot', prefix: 'ok_abcdefghijkl', scopes: ['read', 'trade'] } as const;
    const open: Fact = { ...key, scopes: [...key.scopes], allowedNetworks: [], expireTimeMs: undefined };
    expect(render(open)).toEqual({
      kind: 'security',
      subject: 'An API key was made for your account: robot',
      text: [
        'The API key "robot", which begins with ok_abcdefghijkl, may act for you: read, trade.',
        'It may be used from any address. It has no end.',
        'If this was not you, revoke the key, change your password and log out everywhere.',
      ].join('\n'),
    });
    const expireTimeMs = Date.UTC(2027, 0, 2, 3, 4, 5);
    expect(render({ ...open, allowedNetworks: ['10.0.0.0/8', '::1/128'], expireTimeMs }).text).toContain(
      'It may be used from 10.0.0.0/8, ::1/128. It ends at 2027-01-02 03:04 UTC.',
    );
  });

  it('describes transfers, corrections, alerts and automations', () => {
    const transfer = { amount: '100.00', currency: 'USD', transferId: 't-1' };
    const adjusted = { type: 'adjusted', asset: 'ACME', reason: 'booked twice', adjustmentId: 'a-1' } as const;
    expect(render({ ...adjusted, amount: '-3' })).toEqual({
      kind: 'transfer',
      subject: 'Account corrected: 3 ACME taken',
      text: 'An administrator corrected your account: 3 ACME left it.\nReason: booked twice\nAdjustment: a-1',
    });
    const facts: [Fact, string, string][] = [
      [{ ...adjusted, asset: 'USD', amount: '5.00' }, 'transfer', 'Account corrected: 5.00 USD added'],
      [{ type: 'registered', displayName: 'Ada' }, 'welcome', 'Welcome to Outcry'],
      [{ type: 'deposited', ...transfer }, 'transfer', 'Deposit booked: 100.00 USD'],
      [{ type: 'withdrawn', ...transfer }, 'transfer', 'Withdrawal booked: 100.00 USD'],
      [
        { type: 'run', name: 'weekly', outcome: 'done', orderId: 'o', reason: '' },
        'automation',
        'Automation ran: weekly',
      ],
      [
        { type: 'run', name: 'weekly', outcome: 'refused', orderId: '', reason: 'r' },
        'automation',
        'Automation refused: weekly',
      ],
      [
        { type: 'run', name: 'weekly', outcome: 'missed', orderId: '', reason: '' },
        'automation',
        'Automation missed: weekly',
      ],
    ];
    for (const [fact, kind, subject] of facts) expect(render(fact)).toMatchObject({ kind, subject });
    const alert: Fact = {
      type: 'alert',
      name: 'high',
      symbol: 'ACME',
      direction: 'at or above',
      threshold: '200',
      price: '200.5',
      note: 'sell now',
    };
    expect(render(alert)).toEqual({
      kind: 'alert',
      subject: 'Alert: ACME is at 200.5',
      text: 'sell now\nACME traded at 200.5, which is at or above 200.\nAlert: high',
    });
  });

  it('says how far a large order was worked in slices, and why others were refused', () => {
    const worked = { quantity: '500', filledQuantity: '475', placedCount: 24 };
    const fact = { type: 'run', name: 'large', outcome: 'done', orderId: '', worked } as const;
    const lines = ['"large" worked your order in slices: 475 of 500 shares traded.', 'Orders placed: 24'];
    expect(render({ ...fact, reason: '' })).toEqual({
      kind: 'automation',
      subject: 'Automation ran: large',
      text: lines.join('\n'),
    });
    const refused = [...lines, 'Others were refused. Last reason: cash insufficient'].join('\n');
    expect(render({ ...fact, reason: 'cash insufficient' }).text).toBe(refused);
  });

  it('keeps a subject on one line of bounded length, whatever people name things', () => {
    const named = (name: string) => render({ type: 'run', name, outcome: 'missed', orderId: '', reason: '' }).subject;
    expect(named('a\r\nBcc: eve@example.com')).toBe('Automation missed: a Bcc: eve@example.com');
    expect(named('x'.repeat(500))).toHaveLength(200);
  });
});
