import { describe, expect, it } from 'vitest';
import { changedDraft, emptyDraft } from './draft-values.ts';

const filled = { ...emptyDraft, quantity: '400', limitPrice: '180,5', stopPrice: '170', targetPrice: '190' };

describe('changedDraft', () => {
  it('never takes money for a price', () => {
    const money = { ...filled, type: 'bracket', exitsIn: 'money', targetPrice: '100', stopPrice: '50' } as const;
    for (const changes of [{ type: 'OCO' }, { exitBy: 'trail' }, { exitsIn: 'price' }] as const) {
      expect(changedDraft(money, changes)).toMatchObject({ exitsIn: 'price', targetPrice: '', stopPrice: '' });
    }
    expect(changedDraft(money, { quantity: '7' })).toEqual({ ...money, quantity: '7' });
    expect(changedDraft(filled, { type: 'OCO' }).targetPrice).toBe('190');
  });
});
