import { describe, expect, it } from 'vitest';
import { missingFields } from './draft-fields.ts';
import { emptyDraft } from './draft-values.ts';

const filled = { ...emptyDraft, quantity: '400', limitPrice: '180,5', stopPrice: '170', targetPrice: '190' };

describe('missingFields', () => {
  it('names what is empty', () => {
    expect(missingFields({ ...emptyDraft, type: 'bracket', quantity: '1' })).toEqual([
      'limitPrice',
      'targetPrice',
      'stopPrice',
    ]);
    expect(missingFields({ ...filled, type: 'bracket' })).toEqual([]);
    expect(missingFields({ ...filled, type: 'OCO', exitBy: 'trail' })).toEqual(['trail']);
  });
});
