/** What messages are about, and how each kind reaches a person. */

/** The kinds of message. */
export const messageKinds = ['welcome', 'order', 'fill', 'transfer', 'alert', 'automation', 'security'] as const;

/** What a message is about. */
export type MessageKind = (typeof messageKinds)[number];

/** How one kind of fact reaches a person. */
export type Preference = { kind: MessageKind; email: boolean; inApp: boolean };

/** One preference for each kind: those that are set, both ways for all others. */
export function completePreferences(set: Preference[]): Preference[] {
  return messageKinds.map((kind) => set.find((preference) => preference.kind === kind) ?? defaultPreference(kind));
}

function defaultPreference(kind: MessageKind): Preference {
  return { kind, email: true, inApp: true };
}
