import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { gatewayService } from '#platform/auth/access.ts';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { allowPolicy, allowPostgres, allowRabbitmq, edgesOf } from './allow-policies.ts';
import { argoFiles, type CanaryService } from './analysis/argo-rollouts.ts';
import { flaggerFiles } from './analysis/flagger.ts';
import type { Route } from './canary-routes.ts';
import { compareTexts, loadMeshRpcs } from './contracts.ts';
import { destinationRules } from './destination-rules.ts';
import { ingressRouteName, ingressRoutes, operatorsRouteName, refuseOperatorsRpcs } from './ingress-routes.ts';
import { generatedNote, hasCanary, type MeshFile, meshFile, policyFolders } from './mesh-file.ts';
import { connectionsOf, networkPolicies } from './network-policies.ts';
import { routesName, serviceRoutes } from './retry-routes.ts';

/** The folder of the mesh's policies. */
export const policyDirectory = join(projectDirectory, 'istio');

const listName = 'kustomization.yaml';

/** Every policy that the contracts and the table of services make. */
async function generatePolicies(): Promise<MeshFile[]> {
  const rpcs = await loadMeshRpcs();
  const edges = edgesOf(rpcs);
  const withDatabase = namesOf(({ database, bus }) => database || bus);
  const onBus = namesOf(({ bus }) => bus);
  const routes = [...serviceRoutes(rpcs), ...ingressRoutes(rpcs)];
  const canaries = canaryServices(routes);
  return [
    ...argoFiles(canaries),
    ...flaggerFiles(canaries),
    ...edges.map(allowPolicy),
    allowPostgres(withDatabase),
    allowRabbitmq(onBus),
    ...routes,
    ...destinationRules(namesOf(() => true)),
    refuseOperatorsRpcs(rpcs),
    ...networkPolicies([
      ...connectionsOf(edges),
      ...[...withDatabase, 'create-databases'].map((from) => ({ from, to: 'postgres', port: 5432 })),
      ...onBus.map((from) => ({ from, to: 'rabbitmq', port: 5672 })),
      { from: 'notification', to: 'mailbox', port: 2525 },
    ]),
  ];
}

/** The services that can have a canary, with the routes to each. */
function canaryServices(files: readonly MeshFile[]): CanaryService[] {
  return namesOf(({ name }) => hasCanary(name)).map((name) => {
    const wanted = name === gatewayService ? [ingressRouteName, operatorsRouteName] : [routesName(name)];
    const found = files.filter((file) => wanted.includes(file.name.replace('.yaml', '')));
    const routes = found.map(({ text }) => parse(text) as { metadata: { name: string }; spec: { http: Route[] } });
    return { name, routes: routes.map(({ metadata, spec }) => ({ name: metadata.name, http: spec.http })) };
  });
}

function namesOf(matches: (service: (typeof services)[number]) => boolean): string[] {
  const found = services.filter(matches);
  return found.map(({ name }) => name).toSorted(compareTexts);
}

/** Rewrites the generated files of `directory`, and the list of all its files, from the contracts. */
export async function writePolicies(directory = policyDirectory): Promise<void> {
  const { wanted, obsolete } = await planFiles(directory);
  for (const name of obsolete) await rm(join(directory, name));
  for (const { name, text } of wanted) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

/** Finds generated files that are not what the contracts make. One line for each. */
export async function findStalePolicies(directory = policyDirectory): Promise<string[]> {
  const { wanted, obsolete, found } = await planFiles(directory);
  const advice = '`npm run mesh:generate` renews it';
  const stale = wanted.filter(({ name, text }) => found.get(name) !== text);
  return [
    ...stale.map(({ name }) => `istio/${name} is not what the contracts make; ${advice}`),
    ...obsolete.map((name) => `istio/${name} is made by no contract; ${advice}`),
  ];
}

async function planFiles(directory: string) {
  const policies = await generatePolicies();
  const found = await readYaml(directory);
  const names = new Set(policies.map(({ name }) => name));
  const isList = (name: string) => name.endsWith(listName);
  const byHand = [...found].filter(([name, text]) => !text.startsWith(generatedNote) && !isList(name));
  const obsolete = [...found]
    .filter(([name, text]) => text.startsWith(generatedNote) && !isList(name) && !names.has(name))
    .map(([name]) => name);
  const all = [...names, ...byHand.map(([name]) => name)];
  return { wanted: [...policies, ...policyFolders.map((folder) => fileList(folder, all))], obsolete, found };
}

/** The list of the files that stand in one folder itself. */
function fileList(folder: string, names: readonly string[]): MeshFile {
  const prefix = folder === '' ? '' : `${folder}/`;
  const own = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return meshFile(`${prefix}kustomization`, {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: own.filter((name) => !name.includes('/')).toSorted(compareTexts),
  });
}

async function readYaml(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.yaml'));
  const files = names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const);
  return new Map(await Promise.all(files));
}
