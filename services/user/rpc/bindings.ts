/** Binds every RPC of the user service to its handler. */
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { UserAdminService, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import { batchGetConditions, batchGetContacts } from './batch-get.ts';
import { changePassword } from './change-password.ts';
import type { UserDeps } from './deps.ts';
import { ensureHouseAccount } from './ensure-house-account.ts';
import { getProfile } from './get-profile.ts';
import { getUser, listUsers } from './list-users.ts';
import { logIn } from './log-in.ts';
import { logOut, logOutEverywhere } from './log-out.ts';
import { refreshSession } from './refresh-session.ts';
import { register } from './register.ts';
import { setAccountState } from './set-account-state.ts';
import { setConditions } from './set-conditions.ts';
import { setRoles } from './set-roles.ts';
import { updateProfile } from './update-profile.ts';

/** The four proto services of `outcry.user.v1`. */
export function bindUserServices(deps: UserDeps): ServiceBinding[] {
  return [
    implement(UserService, {
      register: register(deps),
      getProfile: getProfile(deps),
      updateProfile: updateProfile(deps),
      changePassword: changePassword(deps),
    }),
    implement(SessionService, {
      logIn: logIn(deps),
      refreshSession: refreshSession(deps),
      logOut: logOut(deps),
      logOutEverywhere: logOutEverywhere(deps),
      getJwks: async () => ({ jwksJson: JSON.stringify(deps.keys.jwks()) }),
    }),
    implement(UserAdminService, {
      getUser: getUser(deps),
      listUsers: listUsers(deps),
      setAccountState: setAccountState(deps),
      setConditions: setConditions(deps),
      setRoles: setRoles(deps),
    }),
    implement(UserInternalService, {
      batchGetConditions: batchGetConditions(deps),
      batchGetContacts: batchGetContacts(deps),
      ensureHouseAccount: ensureHouseAccount(deps),
    }),
  ];
}
