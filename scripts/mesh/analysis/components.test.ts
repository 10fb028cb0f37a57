import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { services } from '../../../supervisor/index.ts';
import { projectDirectory } from '../../tool.ts';
import { kubectl } from '../command.ts';
import { hasCanary } from '../mesh-file.ts';
import { renderOverlay } from '../overlay.ts';
import { queriesFor } from './queries.ts';

const hasKubectl = await kubectl(['version', '--client']).then(
  () => true,
  () => false,
);
const withCanary = services.map(({ name }) => name).filter(hasCanary);
const named = (resources: readonly { metadata: { name: string } }[]) => resources.map(({ metadata }) => metadata.name);

/** Renders the laptop's overlay with one more component of the project. */
async function renderWith(component: string) {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'outcry-overlay-'));
  try {
    const path = (folder: string) => relative(directory, join(projectDirectory, folder));
    const lists = `resources: [${path('k8s/overlays/laptop')}]\ncomponents: [${path(component)}]\n`;
    const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: outcry\n';
    await writeFile(join(directory, 'kustomization.yaml'), `${head}${lists}`);
    return (await renderOverlay(directory)).manifests;
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe('queriesFor', () => {
  const versions = { namespace: 'n', canary: 'order-1-.+', stable: 'order-2-.+' };

  it.each(withCanary)('gives a number for %s also without any call, and a bound for it', (service) => {
    const queries = queriesFor({ service, ...versions });
    expect(new Set(queries.map(({ name }) => name)).size).toBe(queries.length);
    for (const { query, min, max } of queries) {
      expect(query).toMatch(/ or vector\(0\)$/);
      expect(query.split('(').length).toBe(query.split(')').length);
      expect([min, max].filter((bound) => bound !== undefined)).toHaveLength(1);
    }
  });

  it('judges the gateway by the calls that it makes, and an order service by what became of orders', () => {
    const texts = (service: string) => JSON.stringify(queriesFor({ service, ...versions }));
    expect(texts('gateway')).toContain('rpc_client_call_duration_seconds_count');
    expect(texts('gateway')).not.toContain('rpc_server');
    expect(texts('order')).toContain('outcry_orders_filled_at_once_total');
    expect(texts('ledger')).toContain('increase(outcry_orders_swept_total');
  });
});

describe('the component canary-argo-rollouts', () => {
  it('has a Rollout for each service, with all its routes, and the role in a file', {
    timeout: 60_000,
  }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const manifests = await renderWith('k8s/components/canary-argo-rollouts');
    const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
    expect(named(of('Rollout')).toSorted()).toEqual(withCanary.toSorted());
    expect(named(of('AnalysisTemplate'))).toHaveLength(withCanary.length);
    const led = of('Rollout').flatMap((rollout) => [
      ...JSON.stringify(rollout).matchAll(/{"name":"([\w-]+)","routes":(\[.*?\])}/g),
    ]);
    expect(led).toHaveLength(withCanary.length + 1);
    for (const [, name, names = '[]'] of led) {
      const route = of('VirtualService').find(({ metadata }) => metadata.name === name);
      const { http = [] } = (route?.spec ?? {}) as { http?: { name: string; route?: object }[] };
      expect(JSON.parse(names)).toEqual(http.filter((one) => one.route !== undefined).map((one) => one.name));
    }
    const withRole = of('Deployment').filter((one) => JSON.stringify(one).includes('OUTCRY_ROLE_FILE'));
    expect(named(withRole).toSorted()).toEqual(withCanary.toSorted());
  });

  it('has a part for one service, which leaves the others as they are', { timeout: 60_000 }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const manifests = await renderWith('istio/canary-argo-rollouts/order');
    const rollouts = manifests.filter(({ kind }) => kind === 'Rollout');
    expect(named(rollouts)).toEqual(['order']);
    const withRole = manifests.filter((one) => JSON.stringify(one).includes('OUTCRY_ROLE_FILE'));
    expect(named(withRole)).toEqual(['order']);
  });
});

describe('the component canary-flagger', () => {
  it('has a Canary for each service, and routes that delegate and still say what is repeated', {
    timeout: 60_000,
  }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const manifests = await renderWith('k8s/components/canary-flagger');
    const of = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
    expect(named(of('Canary')).toSorted()).toEqual(withCanary.toSorted());
    const roots = of('VirtualService').filter((one) => JSON.stringify(one).includes('"delegate"'));
    expect(roots).toHaveLength(withCanary.length + 1);
    for (const { spec } of roots) {
      for (const route of (spec as { http?: object[] }).http ?? []) {
        if ('directResponse' in route) continue;
        expect(Object.keys(route)).toEqual(expect.arrayContaining(['name', 'retries', 'delegate']));
        expect(route).not.toHaveProperty('route');
      }
    }
    const metrics = named(of('MetricTemplate'));
    for (const canary of of('Canary')) {
      const used = [...JSON.stringify(canary).matchAll(/"templateRef":{"name":"([\w-]+)"}/g)].map(
        ([, name = '']) => name,
      );
      expect(used.filter((name) => !metrics.includes(name))).toEqual([]);
      expect(used.length).toBeGreaterThan(5);
    }
  });
});
