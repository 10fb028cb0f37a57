import type { SetPreferencesRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { readPreferences as readStored } from '../store/read-preferences.ts';
import { replacePreferences } from '../store/replace-preferences.ts';
import { readPreferences, toPreferences } from './messages/preferences.ts';

/** Replaces the caller's preferences; kinds that are not named get their default. Answers what is stored then. */
export async function setPreferences({ db }: NotificationDeps, request: SetPreferencesRequest, context: CallContext) {
  const { userId } = requireUser(context);
  const preferences = readPreferences(request.preferences);
  const stored = await db.transaction(async (tx) => {
    await replacePreferences(tx, userId, preferences);
    return readStored(tx, userId);
  });
  return { preferences: toPreferences(stored) };
}
