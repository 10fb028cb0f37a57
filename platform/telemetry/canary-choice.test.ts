import { describe, expect, it } from 'vitest';
import { canaryChoiceOf } from './canary-choice.ts';

describe('canaryChoiceOf', () => {
  it('carries on the canaries that a call asks for, each once', () => {
    expect(canaryChoiceOf('outcry-canary=order')).toBe('outcry-canary=order');
    expect(canaryChoiceOf('a=1, outcry-canary=order;p=2 ,outcry-canary=ledger,outcry-canary=order')).toBe(
      'outcry-canary=order,outcry-canary=ledger',
    );
  });

  it('carries on nothing else', () => {
    for (const baggage of [undefined, '', 'user=ada', 'outcry-canary=', 'outcry-canary=a b', 'x-outcry-canary=order']) {
      expect(canaryChoiceOf(baggage)).toBeUndefined();
    }
  });

  it('has a bound', () => {
    expect(
      canaryChoiceOf(
        'abcde'
          .split('')
          .map((name) => `outcry-canary=${name}`)
          .join(','),
      )?.split(','),
    ).toHaveLength(4);
    expect(canaryChoiceOf(`outcry-canary=order,a=${'x'.repeat(8_192)}`)).toBeUndefined();
  });
});
