import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDirectory } from '../../tool.ts';
import { findSchemaProblems } from './schema.ts';

const schemas = parse(await readFile(join(projectDirectory, 'k8s/schemas.yaml'), 'utf8'));

function disruptionBudget(spec: object) {
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'order' }, spec };
}

describe('findSchemaProblems', () => {
  it('finds nothing in a resource of known fields', () => {
    const selector = { matchLabels: { app: 'order' } };
    expect(findSchemaProblems(disruptionBudget({ maxUnavailable: 1, selector }), schemas)).toEqual([]);
    expect(findSchemaProblems(disruptionBudget({ maxUnavailable: '50%', selector }), schemas)).toEqual([]);
  });

  it('names the path of an unknown field and of a value of another type', () => {
    expect(findSchemaProblems(disruptionBudget({ maxUnavailible: 1 }), schemas)).toEqual([
      'policy/v1 PodDisruptionBudget.spec: has no field maxUnavailible',
    ]);
    expect(findSchemaProblems(disruptionBudget({ selector: { matchLabels: { app: 1 } } }), schemas)).toEqual([
      'policy/v1 PodDisruptionBudget.spec.selector.matchLabels.app: is no string',
    ]);
  });

  it('names a missing field, a value that is none of a list, and an unknown kind', () => {
    const rules = [{ from: [{ source: {} }] }];
    const policy = (spec: object) => ({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', spec });
    expect(findSchemaProblems(policy({ action: 'ALOW', rules }), schemas)[0]).toMatch(/spec\.action: is none of ALLOW/);
    const port = { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ name: 'grpc' }] } };
    expect(findSchemaProblems(port, schemas)).toEqual(['v1 Service.spec.ports[0]: lacks port']);
    expect(findSchemaProblems({ apiVersion: 'v1', kind: 'Pot' }, schemas)).toEqual(['v1 Pot: of no known kind']);
  });
});
