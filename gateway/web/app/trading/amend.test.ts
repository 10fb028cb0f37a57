import { describe, expect, it, vi } from 'vitest';

vi.mock('../rpc/session.ts', () => ({}));
vi.mock('../rpc/clients.ts', () => ({ orders: {} }));
vi.mock('../store/own-orders.ts', () => ({ takeOrder: () => {} }));

const { losesPlace } = await import('./amend.ts');
const order = { quantity: '10', limitPrice: '180.00', stopPrice: '' };

describe('losesPlace', () => {
  it('follows price and more shares, not fewer', () => {
    expect(losesPlace(order, { quantity: '5', limitPrice: '180' })).toBe(false);
    expect(losesPlace(order, { quantity: '11' })).toBe(true);
    expect(losesPlace(order, { limitPrice: '180.01' })).toBe(true);
  });
});
