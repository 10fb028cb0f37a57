import type { GetPreferencesRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { NotificationDeps } from '../deps.ts';
import { readPreferences } from '../store/read-preferences.ts';
import { toPreferences } from './messages/preferences.ts';

/** The caller's preferences, one for each kind of message. */
export async function getPreferences({ db }: NotificationDeps, _request: GetPreferencesRequest, context: CallContext) {
  const { userId } = requireUser(context);
  return { preferences: toPreferences(await readPreferences(db, userId)) };
}
