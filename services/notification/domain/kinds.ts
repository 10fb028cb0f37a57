/** What messages are about, and how each kind reaches a person. */

/** The kinds of message. */
export const messageKinds = ['welcome', 'order', 'fill', 'transfer', 'alert', 'automation', 'security'] as const;

/** What a message is about. */
export type MessageKind = (typeof messageKinds)[number];

/** Which fills of an order are mailed: all of them at its end, or those so far too, while it fills in parts. */
export type FillEmails = 'at-end' | 'progress';

/** How one kind of fact reaches a person. */
export type Preference = {
  kind: MessageKind;
  email: boolean;
  inApp: boolean;
  /** Of kind `fill`; counts while `email` is set. Undefined: never set, which means `progress`. */
  fillEmails?: FillEmails;
};

/** One preference for each kind: those that are set, both ways and progress of fills for all others. */
export function completePreferences(set: Preference[]): Preference[] {
  return messageKinds.map((kind) => preferenceOf(set, kind));
}

/** The preference of one kind: as it is set, else its default. */
export function preferenceOf(set: readonly Preference[], kind: MessageKind): Preference {
  const preference = set.find((candidate) => candidate.kind === kind) ?? { kind, email: true, inApp: true };
  return kind === 'fill' ? { ...preference, fillEmails: preference.fillEmails ?? 'progress' } : preference;
}
