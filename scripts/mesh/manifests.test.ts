import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';

type Manifest = {
  kind: string;
  metadata: { name: string };
  spec?: {
    selector?: { app?: string };
    ports?: { port: number; appProtocol: string }[];
    template?: {
      spec: {
        serviceAccountName: string;
        containers: Container[];
        volumes?: { name: string; projected: { sources: object[] } }[];
      };
    };
  };
};
type Container = {
  image: string;
  args: string[];
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string } } }[];
};

const base = join(projectDirectory, 'k8s/base');
/** Services that a cluster may lack, and the component that brings each. */
const components = new Map([
  ['mailbox', 'mail'],
  ['simulator', 'simulator'],
]);

async function manifestsOf(service: string): Promise<Manifest[]> {
  const component = components.get(service);
  const folder = component === undefined ? base : join(projectDirectory, 'k8s/components', component);
  const text = await readFile(join(folder, `${service}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

describe.each(services)('the manifests of $name', ({ name, main, database, bus, secret, ...service }) => {
  const { heapMaxMib, semiSpaceMaxMib } = service;
  it('have an identity of its own, declared ports and what it runs', async () => {
    const manifests = await manifestsOf(name);
    const [, front] = manifests;
    const deployment = manifests.at(-1);
    const peers = manifests.slice(2, -1).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(manifests[0]).toMatchObject({ kind: 'ServiceAccount', metadata: { name } });
    expect(front).toMatchObject({ kind: 'Service', metadata: { name } });
    const isExchange = name === 'exchange';
    expect(deployment).toMatchObject({ kind: isExchange ? 'StatefulSet' : 'Deployment', metadata: { name } });
    expect(peers).toEqual(isExchange ? ['peers', '0', '1', '2'].map((peer) => `Service/exchange-${peer}`) : []);
    const protocols = manifests.flatMap(({ spec }) => spec?.ports ?? []).map(({ appProtocol }) => appProtocol);
    expect(protocols).not.toContain(undefined);
    expect(front?.spec?.ports?.[0]?.port).toBe(9000);
    const pod = deployment?.spec?.template?.spec;
    expect(pod?.serviceAccountName).toBe(name);
    expect(pod?.containers[0]?.image).toBe(`outcry/${name}`);
    expect(pod?.containers[0]?.args).toEqual([
      `--max-old-space-size=${heapMaxMib}`,
      `--max-semi-space-size=${semiSpaceMaxMib}`,
      main.replace(/\.ts$/, '.mjs'),
    ]);
  });

  it('have the credentials that it uses and no others', async () => {
    const deployment = (await manifestsOf(name)).at(-1);
    const environment = deployment?.spec?.template?.spec.containers[0]?.env ?? [];
    const credentials = environment.map((variable) => [variable.name, variable.valueFrom?.secretKeyRef?.name]);
    expect(credentials.filter(([variable]) => variable?.endsWith('DATABASE_URL'))).toEqual([
      ...(database ? [['DATABASE_URL', `database-${name}`]] : []),
      ...(bus ? [['BUS_DATABASE_URL', `bus-${name}`]] : []),
    ]);
    const ofBroker = credentials.filter(([, source]) => source?.startsWith('amqp'));
    expect(ofBroker).toEqual(bus ? [['AMQP_URL', `amqp-${name}`]] : []);
    const ofSecret = credentials.filter(([variable]) => variable === 'SERVICE_SECRET');
    expect(ofSecret).toEqual(secret ? [['SERVICE_SECRET', `service-secret-${name}`]] : []);
    const sources = deployment?.spec?.template?.spec.volumes?.find((volume) => volume.name === 'keys')?.projected
      .sources;
    expect(sources).toEqual([{ secret: { name: `service-key-${name}` } }, { configMap: { name: 'service-keys' } }]);
  });

  it('are in the environment of all with its address, but for the gateway, which no service calls', async () => {
    const environment = await readFile(join(base, 'environment.env'), 'utf8');
    const addresses = environment.split('\n').filter((line) => line.startsWith(`${name.toUpperCase()}_ADDRESS=`));
    expect(addresses).toEqual(name === 'gateway' ? [] : [`${name.toUpperCase()}_ADDRESS=dns:///${name}:9000`]);
  });
});

describe('the base', () => {
  it('has a file for each service, one of all Jobs, and no other', async () => {
    const manifests = services.filter(({ name }) => !components.has(name)).map(({ name }) => `${name}.yaml`);
    const files = (await readdir(base)).filter((file) => file.endsWith('.yaml'));
    expect(new Set(files)).toEqual(new Set([...manifests, 'kustomization.yaml', 'migrations.yaml']));
  });
});
