import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  FillEmails as ContractFillEmails,
  type Preference as ContractPreference,
  type PreferenceSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { completePreferences, type FillEmails, type Preference } from '../../domain/kinds.ts';
import { fromKind, toKind } from './message-kind.ts';

const toFillEmails = { 'at-end': ContractFillEmails.AT_END, progress: ContractFillEmails.PROGRESS };

/** The messages of all preferences, with the default of each kind that is not set. */
export function toPreferences(preferences: Preference[]): MessageInitShape<typeof PreferenceSchema>[] {
  return completePreferences(preferences).map(({ kind, email, inApp, fillEmails }) => ({
    kind: toKind[kind],
    email,
    inApp,
    fillEmails: fillEmails && toFillEmails[fillEmails],
  }));
}

/** Reads the preferences of a request. Throws INVALID_ARGUMENT for an unknown kind, or one that is named twice. */
export function readPreferences(messages: ContractPreference[]): Preference[] {
  const preferences = messages.map(readPreference);
  if (new Set(preferences.map(({ kind }) => kind)).size < preferences.length) {
    throw invalidArgument('preferences', 'must name each kind at most once');
  }
  return preferences;
}

function readPreference({ kind, email, inApp, fillEmails }: ContractPreference, index: number): Preference {
  const known = fromKind(kind);
  if (known === undefined) throw invalidArgument(`preferences[${index}].kind`, 'is no kind of message');
  if (fillEmails === ContractFillEmails.UNSPECIFIED) return { kind: known, email, inApp };
  if (known !== 'fill') throw invalidArgument(`preferences[${index}].fill_emails`, 'is for kind FILL only');
  return { kind: known, email, inApp, fillEmails: readFillEmails(fillEmails, index) };
}

function readFillEmails(value: ContractFillEmails, index: number): FillEmails {
  if (value === ContractFillEmails.AT_END) return 'at-end';
  if (value === ContractFillEmails.PROGRESS) return 'progress';
  throw invalidArgument(`preferences[${index}].fill_emails`, 'is not one of the values');
}
