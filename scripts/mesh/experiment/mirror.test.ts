import { describe, expect, it } from 'vitest';
import type { Deployment } from '../canary/canary-deployment.ts';
import { shareRoutes } from '../canary-routes.ts';
import { mirrorManifests, mirrorRoutes } from './mirror.ts';

const version = { image: 'outcry/order:2', env: { A: '1' } };
const deploymentOf = (name: string): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'outcry', labels: { app: name, 'outcry.dev/service': name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, track: 'stable', 'outcry.dev/service': name } },
      spec: { containers: [{ name: 'service', image: 'outcry/order:1' }] },
    },
  },
});

describe('mirrorManifests', () => {
  it('makes a second version with the role of a canary, which only its own Service and no route selects', () => {
    const [deployment, service] = mirrorManifests(deploymentOf('order'), version) as [Deployment, Deployment];
    const { labels, annotations } = deployment.spec.template.metadata ?? {};
    expect(labels).toMatchObject({ app: 'order-mirror', track: 'mirror', version: '2', 'outcry.dev/service': 'order' });
    expect(annotations).toEqual({ 'outcry.dev/role': 'mirror' });
    expect(JSON.stringify(deployment.spec.template.spec)).toContain('OUTCRY_ROLE_FILE');
    expect(service.spec).toMatchObject({ selector: { track: 'mirror', 'outcry.dev/service': 'order' } });
    for (const { metadata } of [deployment, service]) {
      expect(metadata).toMatchObject({ name: 'order-mirror', labels: { 'outcry.dev/experiment': 'mirror' } });
    }
  });

  it('makes none of a service of which one process serves', () => {
    expect(() => mirrorManifests(deploymentOf('exchange'), version)).toThrow('no second version');
  });
});

describe('mirrorRoutes', () => {
  const destination = (subset: 'stable' | 'canary') => ({
    destination: { host: 'order', subset, port: { number: 9000 } },
  });
  const routes = [
    { name: 'retried', retries: { attempts: 2 }, route: [destination('stable'), destination('canary')] },
    { name: 'once', route: [destination('stable'), destination('canary')] },
  ];

  it('sends copies from each route, and none again afterwards', () => {
    const mirroring = mirrorRoutes('order', routes, 30);
    for (const route of mirroring) {
      expect(route.mirrors).toEqual([
        { destination: { host: 'order-mirror', port: { number: 9000 } }, percentage: { value: 30 } },
      ]);
    }
    expect(mirrorRoutes('order', mirroring, 0)).toEqual(routes);
    for (const percent of [-1, 101, 1.5]) expect(() => mirrorRoutes('order', routes, percent)).toThrow('1 to 100');
  });

  it('goes on while the weights of a canary change', () => {
    const shared = shareRoutes('order', mirrorRoutes('order', routes, 30), { weight: 10, byHeader: false });
    expect(shared.map((route) => 'mirrors' in route)).toEqual([true, true]);
  });
});
