import type { SetPreferencesRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { replacePreferences } from '../store/replace-preferences.ts';
import { readPreferences, toPreferences } from './messages/preferences.ts';

/** Replaces the caller's preferences; kinds that are not named get their default. */
export async function setPreferences({ db }: NotificationDeps, request: SetPreferencesRequest, context: CallContext) {
  const { userId } = requireUser(context);
  const preferences = readPreferences(request.preferences);
  await db.transaction((tx) => replacePreferences(tx, userId, preferences));
  return { preferences: toPreferences(preferences) };
}
