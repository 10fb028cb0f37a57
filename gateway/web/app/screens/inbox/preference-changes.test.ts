import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MessageKind, PreferenceSchema } from '#gen/outcry/notification/v1/notification_pb.ts';
import { withPreference } from './preference-changes.ts';

const preference = (kind: MessageKind) => create(PreferenceSchema, { kind, email: true, inApp: true });

describe('withPreference', () => {
  it('changes one kind, and has all others as they were', () => {
    const before = [preference(MessageKind.ORDER), preference(MessageKind.FILL)];
    const after = withPreference(before, MessageKind.FILL, { email: false });
    expect(after.map(({ email, inApp }) => [email, inApp])).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(before[1]?.email).toBe(true);
  });
});
