import { describe, expect, it } from 'vitest';
import { emptyInstrument, instrumentOf } from './instrument-draft.ts';

describe('instrumentOf', () => {
  it('takes a symbol in any case, a comma for the point, and a band in percent', () => {
    const draft = { ...emptyInstrument, symbol: ' acme ', title: 'Acme', referencePrice: '180,5', bandPercent: '7,5' };
    expect(instrumentOf(draft)).toMatchObject({ symbol: 'ACME', referencePrice: '180.5', bandBps: 750 });
    expect(instrumentOf({ ...draft, bandPercent: '' }).bandBps).toBe(0);
  });
});
