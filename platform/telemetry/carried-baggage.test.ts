import { describe, expect, it } from 'vitest';
import { carriedBaggageOf, hasMirrorMark, withMirrorMark } from './carried-baggage.ts';

describe('carriedBaggageOf', () => {
  it('carries on the canaries that a call asks for, each once', () => {
    expect(carriedBaggageOf('outcry-canary=order')).toBe('outcry-canary=order');
    expect(carriedBaggageOf('a=1, outcry-canary=order;p=2 ,outcry-canary=ledger,outcry-canary=order')).toBe(
      'outcry-canary=order,outcry-canary=ledger',
    );
  });

  it('carries on nothing else', () => {
    for (const baggage of ['', 'user=ada', 'outcry-canary=', 'outcry-canary=a b', 'x-outcry-canary=order']) {
      expect(carriedBaggageOf(baggage)).toBeUndefined();
    }
    for (const baggage of ['outcry-mirrored=', 'outcry-mirrored=0', 'x-outcry-mirrored=1']) {
      expect(carriedBaggageOf(baggage)).toBeUndefined();
    }
  });

  it('has a bound, which does not hide the mark of a copy', () => {
    const many = 'abcde'.split('').map((name) => `outcry-canary=${name}`);
    expect(carriedBaggageOf(many.join(','))?.split(',')).toHaveLength(4);
    const long = `outcry-canary=order,a=${'x'.repeat(8_192)}`;
    expect(carriedBaggageOf(long)).toBeUndefined();
    expect(carriedBaggageOf(`${long}, outcry-mirrored=1;a=b`)).toBe('outcry-mirrored=1');
  });
});

describe('withMirrorMark', () => {
  it('marks a call to the host that a proxy gives to copies', () => {
    for (const host of ['order-shadow', 'order.outcry.svc-shadow:9000']) {
      expect(hasMirrorMark(carriedBaggageOf(withMirrorMark(undefined, host) ?? ''))).toBe(true);
      expect(carriedBaggageOf(withMirrorMark('outcry-canary=order', host) ?? '')).toBe(
        'outcry-canary=order,outcry-mirrored=1',
      );
    }
  });

  it('leaves all others as they are', () => {
    for (const host of ['', 'order:9000', 'shadow', 'order-shadow.example.com', 'order-shadow:9000:1']) {
      expect(withMirrorMark(undefined, host)).toBeUndefined();
      expect(withMirrorMark('a=1', host)).toBe('a=1');
    }
  });
});
