import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { allowPolicy, allowPostgres, edgesOf } from './allow-policies.ts';
import { compareTexts, loadMeshRpcs, type MeshRpc } from './contracts.ts';
import { generatedNote, type MeshFile, meshFile, meshNamespace } from './mesh-file.ts';
import { ingressRoute, serviceRoutes } from './retry-routes.ts';

/** The folder of the mesh's policies. */
export const policyDirectory = join(projectDirectory, 'istio');

const listName = 'kustomization.yaml';

/** Every policy that the contracts make. */
export function generatePolicies(rpcs: readonly MeshRpc[], databaseServices: readonly string[]): MeshFile[] {
  return [
    ...edgesOf(rpcs).map(allowPolicy),
    allowPostgres(databaseServices),
    ...serviceRoutes(rpcs),
    ingressRoute(rpcs),
  ];
}

/** Brings the generated files of `directory`, and the list of all its files, to what the contracts say. */
export async function writePolicies(directory = policyDirectory): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { wanted, obsolete } = await planFiles(directory);
  for (const name of obsolete) await rm(join(directory, name));
  for (const { name, text } of wanted) await writeFile(join(directory, name), text);
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
  const databaseServices = services.filter(({ database, bus }) => database || bus).map(({ name }) => name);
  const policies = generatePolicies(await loadMeshRpcs(), databaseServices.toSorted(compareTexts));
  const found = await readYaml(directory);
  const names = new Set(policies.map(({ name }) => name));
  const byHand = [...found].filter(([name, text]) => !text.startsWith(generatedNote) && name !== listName);
  const obsolete = [...found]
    .filter(([name, text]) => text.startsWith(generatedNote) && name !== listName && !names.has(name))
    .map(([name]) => name);
  const list = fileList([...names, ...byHand.map(([name]) => name)]);
  return { wanted: [...policies, list], obsolete, found };
}

function fileList(names: readonly string[]): MeshFile {
  return meshFile('kustomization', {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: meshNamespace,
    resources: names.toSorted(compareTexts),
  });
}

async function readYaml(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml'));
  const files = names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const);
  return new Map(await Promise.all(files));
}
