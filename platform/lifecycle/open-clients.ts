/** How the service in an app calls others. */
import type { DescService } from '@bufbuild/protobuf';
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
