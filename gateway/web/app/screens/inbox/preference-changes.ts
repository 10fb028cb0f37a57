/** Changes of how messages come. */
import type { MessageKind, Preference } from '#gen/outcry/notification/v1/notification_pb.ts';

/** What can be changed of a kind. */
export type PreferenceChange = Partial<Pick<Preference, 'email' | 'inApp' | 'fillEmails'>>;

/** All preferences, as they are stored as a whole, with a change of one kind. */
export function withPreference(
  preferences: readonly Preference[],
  kind: MessageKind,
  changes: PreferenceChange,
): readonly Preference[] {
  return preferences.map((one) => (one.kind === kind ? { ...one, ...changes } : one));
}
