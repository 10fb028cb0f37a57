import { describe, expect, it } from 'vitest';
import type { Manifest } from './manifest.ts';
import { planSecrets } from './secrets.ts';

function workload(name: string, secrets: readonly string[], optional = false): Manifest {
  const env = secrets.map((secret) => ({
    name: 'VARIABLE',
    valueFrom: { secretKeyRef: { name: secret, key: 'url', optional } },
  }));
  const containers = [{ name: 'service', image: 'any', env }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { template: { spec: { containers } } },
  };
}

const postgres = workload('postgres', ['postgres']);
const plan = (manifests: Manifest[], existing: string[] = []) =>
  planSecrets(manifests, { namespace: 'staging', existing: new Set(existing) });

describe('planSecrets', () => {
  it('makes what is missing, each database with a password of its own', () => {
    const { made, fromOutside } = plan([postgres, workload('order', ['database-order', 'bus-order'])]);
    expect(fromOutside).toEqual([]);
    expect(made.map(({ metadata }) => metadata)).toEqual(
      ['bus-order', 'database-order', 'postgres'].map((name) => ({ name, namespace: 'staging' })),
    );
    const urls = made.flatMap(({ stringData }) => stringData.url ?? []);
    expect(urls[0]).toMatch(/^postgres:\/\/bus_order:[\w-]{32}@postgres:5432\/bus$/);
    expect(urls[0]?.split(':')[2]).not.toBe(urls[1]?.split(':')[2]);
  });

  it('never replaces one that is there, such as the URL of a database of the user’s own', () => {
    const { made } = plan(
      [postgres, workload('auto', ['database-auto', 'database-bus'])],
      ['postgres', 'database-bus'],
    );
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['database-auto']);
  });

  it('names those that can only come from outside, and leaves out what a pod can start without', () => {
    const notification = workload('notification', ['database-notification', 'smtp']);
    const { made, fromOutside } = plan([notification, workload('order', ['amqp-order'], true)]);
    expect(made).toEqual([]);
    expect(fromOutside).toEqual(['database-notification', 'smtp']);
  });

  it('puts all services on a RabbitMQ or none: makes each one’s user for its own, and names those that lack one for another', () => {
    const two = ['order', 'user'].map((name) => workload(name, [`amqp-${name}`], true));
    expect(plan(two)).toEqual({ made: [], fromOutside: [] });
    expect(plan(two, ['amqp-order']).fromOutside).toEqual(['amqp-user']);
    // That of releases before, which all shared.
    expect(plan(two, ['amqp']).fromOutside).toEqual(['amqp-order', 'amqp-user']);
    const { made } = plan([...two, workload('rabbitmq', ['rabbitmq-users'])], ['amqp-user']);
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['amqp-order']);
    expect(made[0]?.stringData.url).toMatch(/^amqp:\/\/order:[\w-]{32}@rabbitmq:5672$/);
  });

  it('makes secrets that the services take, and never the same twice', () => {
    const token = () => plan([workload('user', ['service-secret-user'])]).made[0]?.stringData.secret ?? '';
    expect(token().length).toBeGreaterThanOrEqual(32);
    expect(token()).not.toBe(token());
  });
});
