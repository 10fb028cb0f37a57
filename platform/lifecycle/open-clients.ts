/** How the service in an app calls others, and whose users it believes. */
import type { DescService } from '@bufbuild/protobuf';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { type Authenticator, createAuthenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import type { ServiceApp } from './service-app.ts';

/** Makes a client of a proto service at a gRPC target. */
export type ClientFactory = <S extends DescService>(service: S, address: string) => RpcClient<S>;

/** Makes clients that call with the service's own identity, are logged and measured, and close with the app. */
export function createClientFactory(app: ServiceApp): ClientFactory {
  const { name, config, logger, metrics } = app;
  const serviceToken = createServiceTokenSource(name, config.serviceTokenSecret);
  return (service, address) => {
    const client = createRpcClient(service, { address, serviceToken, logger, metrics });
    app.onDispose(client);
    return client;
  };
}

/** Verifies service tokens, and user tokens with the keys of the user service at `userAddress`. */
export function createUserAuthenticator(app: ServiceApp, userAddress: string): Authenticator {
  const sessions = createClientFactory(app)(SessionService, userAddress);
  return createAuthenticator({
    serviceTokenSecret: app.config.serviceTokenSecret,
    fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
  });
}
