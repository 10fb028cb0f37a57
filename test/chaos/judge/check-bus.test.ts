import { describe, expect, it } from 'vitest';
import { type BusContents, checkBus } from './check-bus.ts';
import type { Stores } from './stores.ts';

const filled = 'outcry.order.v1.OrderFilled';
const clean: BusContents = {
  // Delivered twice, which is no second fact.
  events: ['a', 'b', 'b'].map((id) => ({ id, type: filled })),
  queues: [{ name: 'notification.orders', types: [filled] }],
  dead: [],
};

/** Two fills in the tables; events that have passed the inbox. */
function storesOf(inbox: string[]): Stores {
  const read: Stores['read'] = async <R extends object>(_store: string, text: string) => {
    const rows: object[] = /inbox/.test(text)
      ? inbox.map((event_id) => ({ event_id }))
      : [{ count: /fills/.test(text) ? '2' : '0' }];
    return rows as R[];
  };
  return { read, [Symbol.asyncDispose]: async () => {} };
}

const rulesOf = async (contents: BusContents, inbox = ['a', 'b']) =>
  (await checkBus(storesOf(inbox), contents)).map(({ rule }) => rule);

describe('checkBus', () => {
  it('finds nothing when each fact was published and handled', async () => {
    expect(await rulesOf(clean)).toEqual([]);
  });

  it('finds a fact that was not published, and one that was published twice', async () => {
    expect(await rulesOf({ ...clean, events: clean.events.slice(0, 1) })).toEqual(['fact-is-published-once']);
    expect(await rulesOf({ ...clean, events: [...clean.events, { id: 'c', type: filled }] }, ['a', 'b', 'c'])).toEqual([
      'fact-is-published-once',
    ]);
  });

  it('finds an event that a queue has not handled, and dead letters', async () => {
    expect(await rulesOf(clean, ['a'])).toEqual(['event-passed-the-inbox']);
    const dead = [{ queue: 'notification.orders', count: 1, error: 'x' }];
    expect(await rulesOf({ ...clean, dead })).toEqual(['no-dead-letters']);
  });
});
