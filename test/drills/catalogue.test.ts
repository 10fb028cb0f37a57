import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDirectory } from '../../scripts/tool.ts';
import { localDrills } from './catalogue/catalogue.ts';
import { meshDrills } from './catalogue/mesh.ts';
import { groupDrills } from './group-drills.ts';

type Rules = { groups: { rules: { alert: string; annotations: { runbook: string } }[] }[] };

const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');
const alerts = (parse(read('k8s/observability/rules/alerts.yaml')) as Rules).groups.flatMap(({ rules }) => rules);
const runbookOf = new Map(alerts.map(({ alert, annotations }) => [alert, annotations.runbook]));

/** The drills that a runbook names. */
function drillsIn(path: string): string[] {
  return [...read(path).matchAll(/npm run drill -- ([a-z-]+)/g)].map(([, name]) => name ?? '');
}

describe('the fault catalogue', () => {
  it('has a drill for every alert, and names no other', () => {
    const rehearsed = new Set(localDrills.flatMap((drill) => drill.alerts));
    expect([...rehearsed].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
    const also = localDrills.flatMap((drill) => drill.also);
    expect(also.filter((name) => !runbookOf.has(name))).toEqual([]);
  });

  it('is named by the runbooks of its alerts, which name no other drill', () => {
    const expected = new Map<string, string[]>();
    for (const { name, alerts: own } of localDrills)
      for (const runbook of own.map((alert) => runbookOf.get(alert) ?? ''))
        expected.set(runbook, [...(expected.get(runbook) ?? []), name]);
    for (const runbook of new Set(runbookOf.values()))
      expect([...new Set(drillsIn(runbook))].toSorted(), runbook).toEqual(
        [...new Set(expected.get(runbook))].toSorted(),
      );
  });

  it('has names that differ, and tests and runbooks of the mesh that exist', () => {
    const names = [...localDrills, ...meshDrills].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const paths = meshDrills.flatMap(({ meshTest, runbook }) => [meshTest, runbook]);
    expect(paths.filter((path) => !existsSync(join(projectDirectory, path)))).toEqual([]);
  });
});

describe('groupDrills', () => {
  it('gives a system of its own to what leaves the books broken', () => {
    const groups = groupDrills(localDrills);
    expect(groups.flat()).toHaveLength(localDrills.length);
    const lost = groups.find((group) => group.some(({ name }) => name === 'lost-feed-tail'));
    expect(lost).toHaveLength(1);
  });
});
