/** A real user service on a free port with databases of its own, and clients for it. */

import { ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { UserAdminService, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { clientAddressKey } from '#platform/auth/claims.ts';
import type { Environment } from '#platform/config/env.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import type { GuessLimits } from '../accounts/guess-throttle.ts';
import { readUserConfig } from '../config.ts';
import { needs } from '../needs.ts';
import { createUserService, type RunningUserService } from '../server.ts';

/** The staff of every test. */
export const adminCredentials = { email: 'admin@outcry.example', password: 'the-admin-password' };

/** One replica. */
export type TestUserService = RunningUserService &
  AsyncDisposable & {
    users: RpcClient<typeof UserService>;
    sessions: RpcClient<typeof SessionService>;
    admin: RpcClient<typeof UserAdminService>;
    apiKeys: RpcClient<typeof ApiKeyService>;
    /** Sessions as the gateway calls them, for a person at `address`. */
    sessionsFrom(address: string): Pick<RpcClient<typeof SessionService>, 'logIn'>;
    /** Called as the service `as`, default `order`. */
    internal(as?: string): RpcClient<typeof UserInternalService>;
  };

/** The databases that replicas of one test share. */
export type TestDatabases = AsyncDisposable & { databaseUrl: string; busDatabaseUrl: string };

/** Makes both databases. */
export async function createTestDatabases(): Promise<TestDatabases> {
  const [own, bus] = [await createTestDatabase(), await createTestDatabase()];
  return {
    databaseUrl: own.url,
    busDatabaseUrl: bus.url,
    async [Symbol.asyncDispose]() {
      await own.drop();
      await bus.drop();
    },
  };
}

/** Starts a replica. `nowMs` replaces the clock, `guessLimits` the pace of wrong passwords. */
export async function startTestUserService(
  databases: TestDatabases,
  options: { nowMs?: () => number; guessLimits?: GuessLimits; env?: Environment } = {},
): Promise<TestUserService> {
  const { databaseUrl, busDatabaseUrl } = databases;
  const app = await openTestApp(needs, { databaseUrl, busDatabaseUrl });
  const config = readUserConfig({
    BOOTSTRAP_ADMIN_EMAIL: adminCredentials.email,
    BOOTSTRAP_ADMIN_PASSWORD: adminCredentials.password,
    ...options.env,
  });
  const running = await createUserService(app, config, options);
  const address = `ipv4:127.0.0.1:${running.port}`;
  const anyone = { address, serviceToken: undefined };
  const clients: AsyncDisposable[] = [];
  const owned = <C extends AsyncDisposable>(client: C): C => {
    clients.push(client);
    return client;
  };
  const gatewayToken = testServiceToken('gateway');
  const viaGateway = owned(createRpcClient(SessionService, { address, serviceToken: gatewayToken }));
  return {
    ...running,
    users: owned(createRpcClient(UserService, anyone)),
    sessions: owned(createRpcClient(SessionService, anyone)),
    admin: owned(createRpcClient(UserAdminService, anyone)),
    apiKeys: owned(createRpcClient(ApiKeyService, anyone)),
    sessionsFrom: (address) => ({
      logIn: (request, options) => viaGateway.logIn(request, { ...options, metadata: { [clientAddressKey]: address } }),
    }),
    internal: (as = 'order') =>
      owned(
        createRpcClient(UserInternalService, {
          address,
          serviceToken: testServiceToken(as),
        }),
      ),
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client[Symbol.asyncDispose]();
      await app.shutdown();
    },
  };
}

/** Starts the only replica on databases of its own, which are dropped with it. Options as for `startTestUserService`. */
export async function startOnlyUserService(
  options?: Parameters<typeof startTestUserService>[1],
): Promise<TestUserService> {
  const databases = await createTestDatabases();
  const service = await startTestUserService(databases, options);
  return {
    ...service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await databases[Symbol.asyncDispose]();
    },
  };
}

/** Registers a person under a fresh key and logs in. */
export async function registerAndLogIn(
  service: Pick<TestUserService, 'users' | 'sessions'>,
  person: { email: string; password?: string; displayName?: string },
) {
  const { email, password = 'correct-horse', displayName = 'Test Person' } = person;
  const idempotencyKey = crypto.randomUUID();
  const { userId } = await service.users.register({ idempotencyKey, email, password, displayName });
  const { tokens } = await service.sessions.logIn({ email, password });
  if (tokens === undefined) throw new Error('logging in gave no tokens');
  return { userId, tokens, userToken: tokens.accessToken };
}
