import { createServer } from 'node:net';
import type { RabbitmqPorts } from '#platform/local-rabbitmq/node-settings.ts';
import { StartError } from '../terminal/start-error.ts';
import type { ServiceDefinition } from './services.ts';

// Everything is counted from the gateway's port P. A service owns the ten ports from P + 10 x portBlock:
//
//   offset 0..4   its replicas: gRPC, and for the gateway (block 0) the public port
//   offset 5..9   the same replicas' admin ports: /metrics /livez /readyz
//
// and between them:
//
//   P + 120       embedded PostgreSQL; no service has block 12
//   P + 121       SMTP of the local mailbox
//   P + 122..125  RabbitMQ: AMQP, its management page, Erlang's connections and name server
//   P + 126..128  what watches the system: Prometheus, Grafana, the store of traces
const portsPerBlock = 10;
const adminOffset = 5;
const postgresOffset = 120;
const smtpOffset = 121;
const rabbitmqOffset = 122;
const observeOffset = 126;

/** Ports of one system, counted from its gateway's; a few are spare. */
export const portCount = 140;

/** A port with the words that name it to a person. */
export type NamedPort = { port: number; use: string };

/** Port on which a replica answers calls. */
export function servicePort(gatewayPort: number, service: ServiceDefinition, replica: number): number {
  return gatewayPort + service.portBlock * portsPerBlock + replica;
}

/** Port of a replica's metrics and probes. */
export function adminPort(gatewayPort: number, service: ServiceDefinition, replica: number): number {
  return servicePort(gatewayPort, service, replica) + adminOffset;
}

/** Port of the embedded PostgreSQL. */
export function postgresPort(gatewayPort: number): number {
  return gatewayPort + postgresOffset;
}

/** Port on which the local mailbox takes mail. */
export function smtpPort(gatewayPort: number): number {
  return gatewayPort + smtpOffset;
}

/** Ports of the RabbitMQ that `--rabbitmq` starts. */
export function rabbitmqPorts(gatewayPort: number): RabbitmqPorts {
  const first = gatewayPort + rabbitmqOffset;
  return { amqp: first, management: first + 1, distribution: first + 2, epmd: first + 3 };
}

/** Ports of what `--observe` starts. */
export function observePorts(gatewayPort: number): { prometheus: number; grafana: number; traces: number } {
  const first = gatewayPort + observeOffset;
  return { prometheus: first, grafana: first + 1, traces: first + 2 };
}

/**
 * Checks that nothing listens on any of the ports.
 *
 * @throws StartError that names every port in use and the flag that moves them
 */
export async function requireFreePorts(host: string, ports: readonly NamedPort[]): Promise<void> {
  const free = await Promise.all(ports.map((named) => isPortFree(host, named.port)));
  const used = ports.filter((_, index) => !free[index]);
  if (used.length === 0) return;
  const names = used.map(({ port, use }) => `${port} (${use})`).join(', ');
  const subject = used.length === 1 ? `port ${names} is` : `ports ${names} are`;
  throw new StartError(
    `${subject} in use; choose others with \`npm start -- --port P\` (all ports are counted from P)`,
  );
}

/** Whether nothing listens on a port of this machine. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
