import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { busDatabase, services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';

type Manifest = {
  kind: string;
  metadata: { name: string };
  spec?: {
    selector?: { app?: string };
    ports?: { port: number; appProtocol: string }[];
    template?: { spec: { serviceAccountName: string; containers: Container[] } };
  };
};
type Container = {
  args: string[];
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string } } }[];
};

const base = join(projectDirectory, 'k8s/base');

async function manifestsOf(service: string): Promise<Manifest[]> {
  const text = await readFile(join(base, `${service}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

describe.each(services)('the manifests of $name', ({ name, main, database, bus, heapMaxMib, semiSpaceMaxMib }) => {
  test('have an identity of its own, declared ports and what it runs', async () => {
    const manifests = await manifestsOf(name);
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      `ServiceAccount/${name}`,
      `Service/${name}`,
      `Deployment/${name}`,
    ]);
    const [, service, deployment] = manifests;
    expect(service?.spec?.ports?.every(({ appProtocol }) => appProtocol !== undefined)).toBe(true);
    expect(service?.spec?.ports?.[0]?.port).toBe(9000);
    const pod = deployment?.spec?.template?.spec;
    expect(pod?.serviceAccountName).toBe(name);
    expect(pod?.containers[0]?.args).toEqual([
      `--max-old-space-size=${heapMaxMib}`,
      `--max-semi-space-size=${semiSpaceMaxMib}`,
      main.replace(/\.ts$/, '.mjs'),
    ]);
  });

  test('have the credentials that it uses and no others', async () => {
    const [, , deployment] = await manifestsOf(name);
    const environment = deployment?.spec?.template?.spec.containers[0]?.env ?? [];
    const credentials = environment.map((variable) => [variable.name, variable.valueFrom?.secretKeyRef?.name]);
    expect(credentials.filter(([, secret]) => secret?.startsWith('database-'))).toEqual([
      ...(database ? [['DATABASE_URL', `database-${name}`]] : []),
      ...(bus ? [['BUS_DATABASE_URL', `database-${busDatabase}`]] : []),
    ]);
  });

  test('are in the environment of all with its address', async () => {
    const environment = await readFile(join(base, 'environment.env'), 'utf8');
    if (name !== 'gateway') expect(environment).toContain(`${name.toUpperCase()}_ADDRESS=dns:///${name}:9000\n`);
  });
});

describe('the base', () => {
  test('has a file for each service and no other', async () => {
    const manifests = services.map(({ name }) => `${name}.yaml`);
    const files = (await readdir(base)).filter((file) => file.endsWith('.yaml'));
    expect(new Set(files)).toEqual(new Set([...manifests, 'kustomization.yaml', 'deployment-shape.yaml']));
  });
});
