import { describe, expect, it } from 'vitest';
import { MessageKind } from '#gen/outcry/notification/v1/notification_pb.ts';
import { countText, messageKindText } from './inbox-text.ts';

describe('messageKindText', () => {
  it('has words for each kind', () => {
    const known = Object.values(MessageKind).filter((kind) => typeof kind === 'number' && kind !== 0);
    expect(known.map((kind) => messageKindText(kind as MessageKind))).not.toContain('Other');
  });
});

describe('countText', () => {
  it('is empty for none, and ends at 99', () => {
    expect([0, 1, 99, 100].map(countText)).toEqual(['', '1', '99', '99+']);
  });
});
