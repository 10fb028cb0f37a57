import { describe, expect, it } from 'vitest';
import { addIntent, type Intent, parseIntents } from './intent-list.ts';

const intent = (key: string, state: Intent['state']): Intent => ({ key, text: '', state, message: '', orderIds: [] });

describe('addIntent', () => {
  it('never drops one whose outcome is open', () => {
    let list: readonly Intent[] = [intent('open', 'unknown')];
    for (let count = 0; count < 8; count++) list = addIntent(list, intent(`p${count}`, 'placed'));
    expect(list.map(({ key }) => key)).toEqual(['p7', 'p6', 'p5', 'p4', 'p3', 'open']);
  });
});

describe('parseIntents', () => {
  const stored = { key: 'k', text: 'Buy 1 ACME', isList: false, userId: 'u', atMs: 1_000 };

  it('reads what was stored, for a week', () => {
    expect(parseIntents(JSON.stringify([stored]), 2_000)).toEqual([stored]);
    expect(parseIntents(JSON.stringify([stored]), 8 * 86_400_000)).toEqual([]);
  });

  it('has none where the text is damaged', () => {
    for (const text of [null, '', '{', '{}', '[1, null]', '[{"key":7}]']) expect(parseIntents(text, 0)).toEqual([]);
  });
});
