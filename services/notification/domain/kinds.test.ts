import { describe, expect, it } from 'vitest';
import { completePreferences, messageKinds } from './kinds.ts';

describe('completePreferences', () => {
  it('sends everything both ways unless a person has chosen otherwise', () => {
    expect(completePreferences([])).toEqual(
      messageKinds.map((kind) => ({
        kind,
        email: true,
        inApp: true,
        ...(kind === 'fill' && { fillEmails: 'progress' }),
      })),
    );
    const [, order, fill] = completePreferences([{ kind: 'order', email: false, inApp: true }]);
    expect(order).toEqual({ kind: 'order', email: false, inApp: true });
    expect(fill?.email).toBe(true);
    const atEnd = { kind: 'fill', email: true, inApp: false, fillEmails: 'at-end' } as const;
    expect(completePreferences([atEnd])[2]).toEqual(atEnd);
  });
});
