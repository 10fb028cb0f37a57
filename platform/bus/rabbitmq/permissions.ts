/** What the user of one service may do on the broker. */
import { names } from './topology.ts';

/** Patterns of the names of exchanges and queues, as RabbitMQ takes them. */
export type Permissions = { configure: string; write: string; read: string };

/** Whom they are for. */
export type PermissionOptions = {
  /** Whether it shows, repeats and drops dead letters of all services. */
  readsLetters: boolean;
};

/**
 * What a service needs and no more: it publishes, reads the log of the last hour, and makes, reads and deletes queues of its own name alone. Writing cannot be
 * held to its own queues: what is due goes to a queue by the broker's default exchange, for which there is one permission.
 */
export function permissionsOf(service: string, { readsLetters }: PermissionOptions): Permissions {
  const own = `${escaped(names.queue(service))}\\..+`;
  const bound = `${escaped(names.bound(service, ''))}.+`;
  const shared = [names.events, names.log, `${names.log}.reader`, names.dead, names.dropped].map(escaped);
  const waits = escaped(names.wait(0)).replace(/0$/, '\\d+');
  const letters = readsLetters ? [names.dead, `${names.dead}.reader`, names.dropped].map(escaped) : [];
  return {
    configure: anyOf([...shared, ...letters, waits, own, bound]),
    write: anyOf(['amq\\.default', ...shared, waits, own]),
    read: anyOf([escaped(names.events), escaped(names.log), ...letters, waits, own]),
  };
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.');
}

function anyOf(patterns: readonly string[]): string {
  return `^(${patterns.join('|')})$`;
}
