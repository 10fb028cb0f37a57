import { describe, expect, it } from 'vitest';
import { canMove, isFinal, isPending, type Mover, moveTo, type OrderState } from './order-state.ts';

const states: OrderState[] = ['intent', 'submitting', 'compensating', 'open', 'filled', 'cancelled', 'rejected'];

const movesBy = (by: Mover) =>
  states.flatMap((from) => states.filter((to) => canMove({ state: from }, to, by)).map((to) => `${from} -> ${to}`));

describe('moveTo', () => {
  it('lets the saga move pending orders only, and never back', () => {
    expect(movesBy('saga')).toEqual([
      'intent -> compensating',
      'intent -> rejected',
      'submitting -> compensating',
      'compensating -> rejected',
    ]);
  });

  it('lets the feed end an order, and never return it to a step of the saga but for the release of its hold', () => {
    const ends = movesBy('feed').filter((move) => !/-> (open|filled)$/.test(move));
    expect(ends).toEqual([
      'intent -> compensating',
      'intent -> rejected',
      'submitting -> compensating',
      'submitting -> rejected',
      'compensating -> compensating',
      'compensating -> rejected',
      'open -> cancelled',
    ]);
  });

  it('believes a trade in every state', () => {
    for (const state of states) {
      expect(moveTo({ state }, 'filled', 'feed')).toEqual({ state: 'filled' });
      expect(moveTo({ state }, 'open', 'feed')).toEqual({ state: 'open' });
    }
  });

  it('throws for every other transition', () => {
    for (const by of ['saga', 'feed'] as const) {
      for (const from of states) {
        for (const to of states.filter((state) => !canMove({ state: from }, state, by))) {
          expect(() => moveTo({ state: from }, to, by)).toThrow(`cannot move an order from ${from} to ${to}`);
        }
      }
    }
  });
});

describe('isPending and isFinal', () => {
  it('leave open between them', () => {
    expect(states.filter((state) => !isPending({ state }) && !isFinal({ state }))).toEqual(['open']);
    expect(states.filter((state) => isPending({ state }) && isFinal({ state }))).toEqual([]);
  });
});
