import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  Preference as ContractPreference,
  PreferenceSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { completePreferences, type Preference } from '../../domain/kinds.ts';
import { fromKind, toKind } from './message-kind.ts';

/** The messages of all preferences, with the default of each kind that is not set. */
export function toPreferences(preferences: Preference[]): MessageInitShape<typeof PreferenceSchema>[] {
  return completePreferences(preferences).map(({ kind, email, inApp }) => ({ kind: toKind[kind], email, inApp }));
}

/** Reads the preferences of a request. Throws INVALID_ARGUMENT for an unknown kind, or one that is named twice. */
export function readPreferences(messages: ContractPreference[]): Preference[] {
  const preferences = messages.map(readPreference);
  if (new Set(preferences.map(({ kind }) => kind)).size < preferences.length) {
    throw invalidArgument('preferences', 'must name each kind at most once');
  }
  return preferences;
}

function readPreference({ kind, email, inApp }: ContractPreference, index: number): Preference {
  const known = fromKind(kind);
  if (known === undefined) throw invalidArgument(`preferences[${index}].kind`, 'is no kind of message');
  return { kind: known, email, inApp };
}
