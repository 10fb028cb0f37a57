import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  Preference as ContractPreference,
  NotificationService,
  PreferenceSchema,
} from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { completePreferences, type Preference } from '../domain/kinds.ts';
import { readPreferences, replacePreferences } from '../store/preferences.ts';
import { fromKind, toKind } from './messages/message-kind.ts';

type Methods = Implementation<typeof NotificationService>;

/** GetPreferences. */
export function getPreferences({ db }: NotificationDeps): Methods['getPreferences'] {
  return async (_request, context) => {
    const { userId } = requireUser(context);
    return { preferences: toMessages(await readPreferences(db, userId)) };
  };
}

/** SetPreferences. */
export function setPreferences({ db }: NotificationDeps): Methods['setPreferences'] {
  return async (request, context) => {
    const { userId } = requireUser(context);
    const preferences = request.preferences.map(fromMessage);
    if (new Set(preferences.map(({ kind }) => kind)).size < preferences.length) {
      throw invalidArgument('preferences', 'must name each kind at most once');
    }
    await db.transaction((tx) => replacePreferences(tx, userId, preferences));
    return { preferences: toMessages(preferences) };
  };
}

function toMessages(preferences: Preference[]): MessageInitShape<typeof PreferenceSchema>[] {
  return completePreferences(preferences).map(({ kind, email, inApp }) => ({ kind: toKind[kind], email, inApp }));
}

function fromMessage({ kind, email, inApp }: ContractPreference, index: number): Preference {
  const known = fromKind(kind);
  if (known === undefined) throw invalidArgument(`preferences[${index}].kind`, 'is no kind of message');
  return { kind: known, email, inApp };
}
