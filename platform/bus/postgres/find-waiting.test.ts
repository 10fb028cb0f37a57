import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventOf, eventsOf, idsOf, openTestBus, type TestBus } from '#platform/testing/bus.ts';
import { UnprocessableEventError } from '../bus.ts';

let test: TestBus;
beforeAll(async () => {
  test = await openTestBus();
});
afterAll(() => test[Symbol.asyncDispose]());

const poll = (read: () => unknown) => expect.poll(read, { timeout: 10_000, interval: 10 });

describe('findWaiting', () => {
  it('names what a queue has not read, what it has set aside and what was dropped, and nothing that it has handled', async () => {
    const { bus } = test;
    const [handled, dead] = [eventOf('Good'), eventOf('Bad')];
    const ids = idsOf([handled, dead]);
    expect(await bus.findWaiting('some.queue', ids)).toEqual(new Set());
    await bus.publish([handled, dead]);
    expect(await bus.findWaiting('some.queue', ids)).toEqual(new Set(ids));
    const queue = await test.collect({
      queue: 'some.queue',
      types: ['Good', 'Bad'],
      handle: async ({ type }) => {
        if (type === 'Bad') throw new UnprocessableEventError('never');
      },
    });
    await poll(async () => bus.findWaiting('some.queue', ids)).toEqual(new Set([dead.id]));
    expect(await bus.findWaiting('another.queue', ids)).toEqual(new Set(ids));
    expect(await bus.deadLetters.drop('some.queue', [dead.id], 'a test')).toBe(1);
    expect(await bus.findWaiting('some.queue', ids)).toEqual(new Set([dead.id]));
    await queue.stop();
  });

  it('names none that the bus has lost', async () => {
    const events = eventsOf('Lost', 3);
    await test.bus.publish(events);
    await test.db.query('DELETE FROM bus.log WHERE id = $1', [events[1]?.id]);
    const left = [events[0], events[2]].map((event) => event?.id);
    expect(await test.bus.findWaiting('lost.queue', idsOf(events))).toEqual(new Set(left));
  });

  it('looks for a bounded number at a time', async () => {
    const ids = Array.from({ length: 5_001 }, () => '');
    await expect(test.bus.findWaiting('some.queue', ids)).rejects.toThrow(RangeError);
  });
});
