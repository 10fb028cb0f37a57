import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grafanaEnvironment } from '#platform/local-grafana/start.ts';
import { dashboards } from './dashboards.ts';
import { dashboardFiles, findStaleDashboards, observabilityDirectory } from './files.ts';

describe('the files of the dashboards', () => {
  it('are what the definitions make; `npm run dashboards:generate` writes them', () => {
    expect(findStaleDashboards()).toEqual([]);
  });

  it('have addresses and, in each, titles of their own', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { panels } of dashboards) expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('ask the data source that Grafana is provisioned with, by variables that it is started with', () => {
    const read = (name: string) => readFileSync(join(observabilityDirectory, 'grafana', name), 'utf8');
    const { datasources } = parse(read('datasources/prometheus.yaml')) as {
      datasources: { uid: string; url: string }[];
    };
    const { providers } = parse(read('dashboards/outcry.yaml')) as { providers: { options: { path: string } }[] };
    const asked = [...dashboardFiles().values()].flatMap((text) => [
      ...text.matchAll(/"type": "prometheus",\s+"uid": "(\w+)"/g),
    ]);
    expect(new Set(asked.map(([, uid]) => uid))).toEqual(new Set(datasources.map(({ uid }) => uid)));
    const environment = grafanaEnvironment({
      ...{ directory: '/d', port: 1, provisioning: '/p', dashboards: '/boards', prometheusUrl: 'http://prometheus' },
      admin: { user: 'operator', password: 'x' },
    });
    const filled = (text = '') => text.replace(/^\$\{(\w+)\}$/, (_, name: string) => environment[name] ?? 'unset');
    expect(filled(datasources[0]?.url)).toBe('http://prometheus');
    expect(filled(providers[0]?.options.path)).toBe('/boards');
  });
});
