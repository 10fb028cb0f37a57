import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../bench/load/index.ts';
import { changesOf } from './changes.ts';
import { createMix, type Draft, type MixOptions } from './mix.ts';

const options: MixOptions = { users: 5, symbols: ['A', 'B'], kinds: 'all', nowMs: () => 1_700_000_000_000 };

function draw(count: number, seed: number, more: Partial<MixOptions> = {}): Draft[] {
  const mix = createMix(createRandom(seed), { ...options, ...more });
  return Array.from({ length: count }, () => mix.next());
}

describe('createMix', () => {
  it('makes the same calls of the same seed', () => {
    expect(draw(200, 7)).toEqual(draw(200, 7));
    expect(draw(200, 7)).not.toEqual(draw(200, 8));
  });

  it('asks for every kind of call, type, time in force and list', () => {
    const drafts = draw(20_000, 1);
    const text = JSON.stringify(drafts);
    for (const kind of [
      'place-batch',
      'place-list',
      'close',
      'replace',
      'cancel',
      'cancel-batch',
      'cancel-all',
      'keep-alive',
    ])
      expect(text).toContain(`"kind":"${kind}"`);
    for (const type of ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT', 'TRAILING_STOP', 'ICEBERG'])
      expect(text).toContain(`"ORDER_TYPE_${type}"`);
    for (const force of ['GTC', 'DAY', 'GTD', 'IOC', 'FOK']) expect(text).toContain(`"TIME_IN_FORCE_${force}"`);
    for (const type of ['OCO', 'OTO', 'BRACKET']) expect(text).toContain(`"LIST_TYPE_${type}"`);
    for (const field of [
      'minimumQuantity',
      'slide',
      'amount',
      'sessionId',
      'trailPercent',
      'percentage',
      'selfTradePrevention',
    ])
      expect(text).toContain(`"${field}"`);
  });

  it('asks for market and limit orders, cancels and transfers alone where it is to be plain', () => {
    const kinds = new Set(draw(5_000, 1, { kinds: 'plain' }).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['cancel', 'cancel-all', 'deposit', 'place', 'repeat', 'withdraw']);
  });
});

describe('changesOf', () => {
  const source = { random: createRandom(3), nowMs: () => 1_700_000_000_000 };
  const order = { orderId: 'o', status: 'ORDER_STATUS_OPEN', filledQuantity: '0', side: 'SIDE_SELL', revision: 4 };
  const namesOf = (more: object) =>
    new Set(Array.from({ length: 300 }, () => Object.keys(changesOf(source, { ...order, ...more }))).flat());

  it('names what the type of the order permits, and never the quantity of an exit', () => {
    expect(namesOf({ type: 'ORDER_TYPE_LIMIT' })).toEqual(new Set(['limitPrice', 'quantity', 'expectedRevision']));
    const trailing = namesOf({ type: 'ORDER_TYPE_TRAILING_STOP', timeInForce: 'TIME_IN_FORCE_GTD' });
    for (const name of ['trailAmount', 'trailPercent', 'expireTime', 'quantity']) expect(trailing).toContain(name);
    const exit = { type: 'ORDER_TYPE_STOP', listId: 'l', listType: 'LIST_TYPE_BRACKET', listIndex: 2 };
    expect(namesOf(exit)).toEqual(new Set(['stopPrice', 'limitPrice', 'expectedRevision']));
  });
});
