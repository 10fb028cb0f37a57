/** Binds every RPC of the user service to its handler. */
import { ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';
import { UserAuditService } from '#gen/outcry/user/v1/audit_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { UserAdminService, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import type { UserDeps } from '../deps.ts';
import { batchGetConditions } from './batch-get-conditions.ts';
import { batchGetContacts } from './batch-get-contacts.ts';
import { changePassword } from './change-password.ts';
import { createApiKey } from './create-api-key.ts';
import { ensureHouseAccount } from './ensure-house-account.ts';
import { ensureUser } from './ensure-user.ts';
import { getJwks } from './get-jwks.ts';
import { getProfile } from './get-profile.ts';
import { getUser } from './get-user.ts';
import { listApiKeys } from './list-api-keys.ts';
import { listSessions } from './list-sessions.ts';
import { listUsers } from './list-users.ts';
import { logIn } from './log-in.ts';
import { logOut } from './log-out.ts';
import { logOutEverywhere } from './log-out-everywhere.ts';
import { readRows } from './read-rows.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { revokeSession } from './revoke-session.ts';
import { setAccountState } from './set-account-state.ts';
import { setConditions } from './set-conditions.ts';
import { setRoles } from './set-roles.ts';
import { updateProfile } from './update-profile.ts';
import { verifyApiKey } from './verify-api-key.ts';

/** The six proto services of `outcry.user.v1`. */
export function userBindings(deps: UserDeps): ServiceBinding[] {
  return [
    implement(UserService, {
      register: (request, context) => register(deps, request, context),
      getProfile: (request, context) => getProfile(deps, request, context),
      updateProfile: (request, context) => updateProfile(deps, request, context),
      changePassword: (request, context) => changePassword(deps, request, context),
    }),
    implement(SessionService, {
      logIn: (request, context) => logIn(deps, request, context),
      refreshSession: (request) => refreshSession(deps, request),
      logOut: (request, context) => logOut(deps, request, context),
      listSessions: (request, context) => listSessions(deps, request, context),
      revokeSession: (request, context) => revokeSession(deps, request, context),
      logOutEverywhere: (request, context) => logOutEverywhere(deps, request, context),
      getJwks: (request) => getJwks(deps, request),
    }),
    implement(UserAdminService, {
      getUser: (request) => getUser(deps, request),
      ensureUser: (request, context) => ensureUser(deps, request, context),
      listUsers: (request) => listUsers(deps, request),
      setAccountState: (request, context) => setAccountState(deps, request, context),
      setConditions: (request, context) => setConditions(deps, request, context),
      setRoles: (request, context) => setRoles(deps, request, context),
    }),
    implement(ApiKeyService, {
      createApiKey: (request, context) => createApiKey(deps, request, context),
      listApiKeys: (request, context) => listApiKeys(deps, request, context),
      revokeApiKey: (request, context) => revokeApiKey(deps, request, context),
    }),
    implement(UserInternalService, {
      batchGetConditions: (request) => batchGetConditions(deps, request),
      batchGetContacts: (request) => batchGetContacts(deps, request),
      ensureHouseAccount: (request) => ensureHouseAccount(deps, request),
      verifyApiKey: (request) => verifyApiKey(deps, request),
    }),
    implement(UserAuditService, { readRows: (request, context) => readRows(deps, request, context) }),
  ];
}
