/** Serves proto services inside an app. */
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { RpcLimits } from '#platform/rpc/limits.ts';
import type { RpcServer } from '#platform/rpc/server.ts';
import { startRpcServer } from '#platform/rpc/server.ts';
import { type DescribedApp, processBinding } from './describe-process.ts';
import type { ServiceApp } from './service-app.ts';

/**
 * Starts the rpc server on the host and port of the app's configuration; it drains and closes with the app. Beside the bindings the server
 * has the description of the process.
 */
export async function serveRpc(
  app: ServiceApp & Pick<DescribedApp, 'db'>,
  options: { bindings: ServiceBinding[]; authenticator: Authenticator; limits?: Partial<RpcLimits> },
): Promise<RpcServer> {
  const { host, port, streamAgeMaxMs } = app.config;
  const limits = { streamAgeMaxMs, ...options.limits };
  const { name: serviceName, logger, metrics, health } = app;
  const bindings = [...options.bindings, processBinding(app)];
  const server = await startRpcServer({
    ...options,
    bindings,
    limits,
    serviceName,
    host,
    port,
    logger,
    metrics,
    health,
  });
  app.onDrain((graceMs) => server.drain(graceMs));
  app.onDispose(server);
  logger.info({ host, port: server.port }, 'listening');
  return server;
}
