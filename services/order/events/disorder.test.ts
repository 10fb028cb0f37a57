import { describe, expect, it } from 'vitest';
import { disorderConditions } from '#platform/testing/disorder-conditions.ts';
import { needs } from '../needs.ts';
import { conditionsQueue, consumedEvents } from './consumed.ts';

const { migrations } = needs.database;

describe('changes of conditions that come 1 to 5 times, in an order that differs by up to 100', () => {
  it.each([1, 2, 3])('lead to the same copies, those of the last versions (seed %i)', async (seed) => {
    const consumer = { migrations, queue: conditionsQueue, handlers: consumedEvents, table: 'conditions' };
    const { events, inOrder, disordered } = await disorderConditions(consumer, seed);
    expect(inOrder.copies.map(({ version }) => version)).toEqual(new Array(15).fill(20n));
    expect(inOrder.eventIds).toEqual(events.map(({ id }) => id).sort());
    expect(disordered).toEqual(inOrder);
  });
});
