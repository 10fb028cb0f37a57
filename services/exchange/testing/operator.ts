/** An operator for tests: a token of the user service, and calls in the name of the gateway. */
import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { startRpcServer } from '#platform/rpc/server.ts';
import { createTestApp } from '#platform/testing/service-app.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { createTestIdentity } from '#platform/testing/tokens.ts';

/** An operator and the user service that issued its token. */
export type Operator = AsyncDisposable & {
  /** The user service's gRPC target. */
  userAddress: string;
  /** Access token of an operator. */
  token: string;
  /** Calls the exchange at a `host:port` as the gateway does. */
  connect(address: string): RpcClient<typeof ExchangeAdminService>;
};

/** Starts a user service that serves its keys only. */
export async function createOperator(): Promise<Operator> {
  const identity = await createTestIdentity();
  const app = createTestApp('user');
  const { logger, metrics, health } = app;
  const getJwks = async () => ({ jwksJson: JSON.stringify(identity.jwks) });
  const server = await startRpcServer({
    ...{ serviceName: 'user', host: '127.0.0.1', port: 0, logger, metrics, health },
    bindings: [{ service: SessionService, handlers: new Map([[SessionService.method.getJwks, getJwks]]) }],
    authenticator: identity.authenticator,
  });
  return {
    userAddress: `127.0.0.1:${server.port}`,
    token: await identity.userToken({ roles: ['operator'] }),
    connect: (address) => {
      const serviceToken = testServiceToken('gateway');
      return createRpcClient(ExchangeAdminService, { address, serviceToken });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await app.shutdown();
    },
  };
}
