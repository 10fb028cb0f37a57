/** Who opens which connections that carry no RPC, by the table of services. */
import { services } from '../../../supervisor/index.ts';

export const postgresPort = 5432;
export const rabbitmqPort = 5672;
export const smtpPort = 2525;

/** The names of all services. */
export const serviceNames = services.map(({ name }) => name);
/** Pods that are no service: the Job that makes databases, and one that no policy names. */
export const otherPods = ['create-databases', 'stranger'];

/** The connections that are not RPCs, by port: who opens them, and to whom. */
export const tcpEdges = [
  ...[...serviceNames.filter((name) => usesPostgres(name)), 'create-databases'].map((from) => ({
    from,
    to: 'postgres',
    port: postgresPort,
  })),
  ...services.filter(({ bus }) => bus).map(({ name }) => ({ from: name, to: 'rabbitmq', port: rabbitmqPort })),
  { from: 'notification', to: 'mailbox', port: smtpPort },
];

function usesPostgres(name: string): boolean {
  return services.some((service) => service.name === name && (service.database || service.bus));
}
