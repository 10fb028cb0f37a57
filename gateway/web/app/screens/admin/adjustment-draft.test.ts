import { describe, expect, it } from 'vitest';
import { adjustmentSentence, beforeAndAfter, emptyAdjustment, requestOf } from './adjustment-draft.ts';

const draft = { ...emptyAdjustment, asset: 'USD', amount: '4,95', reason: ' a fee was taken twice ' };
const free = { available: '10.00', held: '2.00' };

describe('requestOf', () => {
  it('is signed, has a comma as a point, and a cost for added shares alone', () => {
    const request = {
      accountId: 'a',
      asset: 'USD',
      amount: '4.95',
      reason: 'a fee was taken twice',
      reference: '',
      cost: '',
    };
    expect(requestOf({ ...draft, cost: '7' }, 'a', 'USD')).toEqual(request);
    expect(requestOf({ ...draft, way: 'take' }, 'a', 'USD')).toEqual({ ...request, amount: '-4.95' });
    expect(requestOf({ ...draft, asset: 'ACME', cost: '7' }, 'a', 'USD')).toEqual({
      ...request,
      asset: 'ACME',
      cost: '7',
    });
  });

  it.each([
    { asset: '' },
    { amount: '0' },
    { amount: '1000000.000001' },
    { amount: 'x' },
    { reason: ' ' },
    { cost: 'x' },
  ])('is nothing with %o', (wrong) => expect(requestOf({ ...draft, ...wrong }, 'a', 'USD')).toBeUndefined());
});

describe('beforeAndAfter', () => {
  it('says whether so much is free', () => {
    const take = { ...draft, way: 'take' as const };
    expect(beforeAndAfter({ ...take, amount: '10' }, free)).toEqual({ before: '10', after: '0', isShort: false });
    expect(beforeAndAfter({ ...take, amount: '10.01' }, free)).toMatchObject({ isShort: true });
    expect(beforeAndAfter({ ...draft, amount: '' }, free)).toBeUndefined();
  });
});

describe('adjustmentSentence', () => {
  it('says who gets what, what is free before and after, and why', () => {
    expect(adjustmentSentence(draft, free, 'ann')).toBe(
      '4.95 USD come to ann: free before 10, after 14.95. The house gives them. The owner is notified with your words: “a fee was taken twice”.',
    );
    const shares = { ...draft, asset: 'ACME', amount: '3', cost: '450' };
    expect(adjustmentSentence(shares, free, 'ann')).toContain('3 ACME come to ann at a cost of 450.00 in all:');
    expect(adjustmentSentence({ ...shares, way: 'take' }, free, 'ann')).toContain('3 ACME are taken from ann:');
  });
});
