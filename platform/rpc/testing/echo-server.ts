/** A server of the echo contract, for tests of the rpc layer. */

import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { type CallOptions, createRpcClient, type RpcClient } from '../client.ts';
import { createHealthState, type HealthState } from '../health.ts';
import { type Implementation, implement, type RpcServer, type RpcServerOptions, startRpcServer } from '../server.ts';
import { EchoService } from './echo-contract.ts';

/** The handlers of the echo contract. */
export type EchoHandlers = Implementation<typeof EchoService>;

/** A running echo server with an identity that it trusts and a client that calls it. */
export type EchoFixture = AsyncDisposable & {
  server: RpcServer;
  health: HealthState;
  identity: TestIdentity;
  client: RpcClient<typeof EchoService>;
  address: string;
  /** Call options of a fresh user. */
  asUser: CallOptions & { userToken: string };
};

const echo = async ({ value }: { value: string }) => ({ value });

/** The server with some handlers replaced; the others answer what they were sent. */
export async function startEcho(
  handlers: Partial<EchoHandlers> = {},
  options: Partial<RpcServerOptions> = {},
): Promise<EchoFixture> {
  const identity = await createTestIdentity();
  const health = createHealthState();
  const server = await startRpcServer({
    serviceName: 'echo',
    host: '127.0.0.1',
    port: 0,
    bindings: [implement(EchoService, { ...echoHandlers, ...handlers })],
    authenticator: identity.authenticator,
    logger: createLogger({ service: 'echo', level: 'silent' }),
    metrics: createMetrics('echo'),
    health,
    ...options,
  });
  health.setReady(true);
  const address = `ipv4:127.0.0.1:${server.port}`;
  const client = createRpcClient(EchoService, { address, serviceToken: undefined });
  return {
    server,
    health,
    identity,
    client,
    address,
    asUser: { userToken: await identity.userToken() },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server.drain(200);
    },
  };
}

/** Handlers that answer what they were sent. */
export const echoHandlers: EchoHandlers = {
  read: echo,
  keyed: echo,
  write: echo,
  open: echo,
  audit: echo,
  internal: echo,
  async *count({ value }) {
    for (let number = 1; number <= Number(value); number += 1) yield { value: String(number) };
  },
  async join(requests) {
    const values: string[] = [];
    for await (const { value } of requests) values.push(value);
    return { value: values.join(' ') };
  },
  async *chat(requests) {
    for await (const { value } of requests) yield { value: value.toUpperCase() };
  },
};
