/** The connections of a run that pass a proxy: calls between services, and statements. */
import { type FaultProxy, startFaultProxy } from '#platform/testing/faults/fault-proxy.ts';
import { services } from '../../../supervisor/index.ts';
import { postgresPort, rabbitmqPorts, servicePort } from '../../../supervisor/testing/index.ts';

/** The proxies, by name: `order>exchange-0`, `order>database`, `order>bus`. */
export type Links = AsyncDisposable & {
  proxies: ReadonlyMap<string, FaultProxy>;
  /** CHAOS_LINKS of the system's environment. */
  environment: string;
};

/** Ports that take the place of others in a service's environment, by variable; those of an address in the order of its replicas. */
type ChangedPorts = Record<string, number[]>;

const host = '127.0.0.1';
// Connections that were dropped stay open at the client's side until it notices.
const connectionsMax = 2_000;

/** Whose calls and statements pass a proxy: what money goes through. */
const callees: Readonly<Record<string, readonly string[]>> = {
  gateway: ['order', 'ledger'],
  order: ['exchange', 'ledger'],
  ledger: ['exchange'],
  portfolio: ['ledger'],
};
const withDatabase = ['order', 'ledger', 'exchange', 'portfolio'];
const withBus = ['order', 'ledger', 'notification'];

type Bus = 'postgres' | 'amqp';

const serverOf = {
  postgres: { variable: 'BUS_DATABASE_URL', portOf: postgresPort },
  amqp: { variable: 'AMQP_URL', portOf: (gatewayPort: number) => rabbitmqPorts(gatewayPort).amqp },
};

type Link = { caller: string; name: string; variable: string; portOf: (gatewayPort: number) => number };

/** The names of all links of a system. */
export function linkNames(replicasOf: (service: string) => number): string[] {
  return listLinks('postgres', replicasOf).map(({ caller, name }) => `${caller}>${name}`);
}

/** Starts a proxy for each link of a system whose gateway will have this port. */
export async function startLinks(
  gatewayPort: number,
  bus: Bus,
  replicasOf: (service: string) => number,
): Promise<Links> {
  await using stack = new AsyncDisposableStack();
  const proxies = new Map<string, FaultProxy>();
  const changes: Record<string, ChangedPorts> = {};
  for (const { caller, name, variable, portOf } of listLinks(bus, replicasOf)) {
    const proxy = stack.use(await startFaultProxy({ target: { host, port: portOf(gatewayPort) }, connectionsMax }));
    proxies.set(`${caller}>${name}`, proxy);
    const ports = changes[caller] ?? {};
    changes[caller] = ports;
    ports[variable] = [...(ports[variable] ?? []), proxy.port];
  }
  const started = stack.move();
  return {
    proxies,
    environment: JSON.stringify(changes),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function listLinks(bus: Bus, replicasOf: (service: string) => number): Link[] {
  const calls = Object.entries(callees).flatMap(([caller, names]) =>
    services
      .filter(({ name }) => names.includes(name))
      .flatMap((service) =>
        Array.from({ length: replicasOf(service.name) }, (_, replica) => ({
          caller,
          name: `${service.name}-${replica}`,
          variable: `${service.name.toUpperCase()}_ADDRESS`,
          portOf: (gatewayPort: number) => servicePort(gatewayPort, service, replica),
        })),
      ),
  );
  const database = { name: 'database', variable: 'DATABASE_URL', portOf: postgresPort };
  return [
    ...calls,
    ...withDatabase.map((caller) => ({ caller, ...database })),
    ...withBus.map((caller) => ({ caller, name: 'bus', ...serverOf[bus] })),
  ];
}

/** What the proxies change in the environment of a service. */
export function environmentOfLinks(service: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const changes = (JSON.parse(env.CHAOS_LINKS || '{}') as Record<string, ChangedPorts>)[service] ?? {};
  return Object.fromEntries(
    Object.entries(changes).flatMap(([variable, ports]) => {
      const value = env[variable];
      return value === undefined ? [] : [[variable, changePorts(value, ports)]];
    }),
  );
}

/** An address (`ipv4:host:port,...`) or a URL with these ports in the place of its own. */
function changePorts(value: string, ports: readonly number[]): string {
  let index = 0;
  if (!value.startsWith('ipv4:')) {
    const url = new URL(value);
    url.port = String(ports[0]);
    return url.href;
  }
  return value.replaceAll(/:(\d+)(?=,|$)/g, () => `:${ports[index++]}`);
}
