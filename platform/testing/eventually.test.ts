import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns the result of the first check that passes', async () => {
    let checks = 0;
    const result = await eventually(() => {
      checks += 1;
      if (checks < 3) throw new Error('not yet');
      return checks;
    });
    expect([result, checks]).toEqual([3, 3]);
  });

  it('throws the error of the last check once the time has passed', async () => {
    let checks = 0;
    const check = () => Promise.reject(new Error(`check ${++checks}`));
    await expect(eventually(check, { timeoutMs: 100 })).rejects.toThrow(/^check [2-9]$/);
  });
});
