import { describe, expect, it } from 'vitest';
import { dropIntent, storedIntents, storeIntent, type TransferIntent } from './transfer-intents.ts';

function memory(text?: string) {
  const stored = new Map(text === undefined ? [] : [['outcry.transfers', text]]);
  return {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
}
const intent = (key: string, accountId = 'me'): TransferIntent => ({
  key,
  accountId,
  direction: 'deposit',
  amount: '1.00',
  createdMs: 0,
});

describe('storeIntent', () => {
  it('stores each key once, and an account sees its own only', () => {
    const storage = memory();
    for (const one of [intent('a'), intent('b', 'other'), intent('a')]) storeIntent(storage, one);
    expect(storedIntents(storage, 'me')).toEqual([intent('a')]);
    dropIntent(storage, 'a');
    expect(storedIntents(storage, 'me')).toEqual([]);
    expect(storedIntents(storage, 'other')).toHaveLength(1);
  });

  it('refuses a 21st without an answer', () => {
    const storage = memory();
    for (let count = 0; count < 20; count++) storeIntent(storage, intent(`k${count}`));
    expect(() => storeIntent(storage, intent('one more'))).toThrow(/without an answer/);
    expect(storedIntents(storage, 'me')).toHaveLength(20);
  });
});

describe('storedIntents', () => {
  it('leaves out what is damaged', () => {
    const damaged = JSON.stringify([intent('a'), { key: 1 }, null, 'x']);
    expect(storedIntents(memory(damaged), 'me')).toEqual([intent('a')]);
    for (const text of ['{', '{}', 'null']) expect(storedIntents(memory(text), 'me')).toEqual([]);
  });
});
