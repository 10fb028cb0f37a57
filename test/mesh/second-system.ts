/** The system once more in the same cluster: with a mesh of its own beside the first one's, or without any. */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { applyOverlay, kubectl, type Overlay, renderOverlay } from '../../scripts/mesh/index.ts';
import { projectDirectory } from '../../scripts/tool.ts';

/** A second install. */
export type SecondSystem = {
  namespace: string;
  /** The image of its services, as NAME:TAG; without one, that of the laptop's overlay. */
  image?: string;
  /** Whether its pods have sidecars, and policies hold for it. */
  hasMesh: boolean;
  /** Components of k8s/ on top of the laptop's overlay. */
  components?: readonly string[];
};

/** The host that people call at the ingress; that of operators is before it. */
export function hostOf({ namespace }: SecondSystem): string {
  return `${namespace}.example.com`;
}

const tlsSecrets = ({ namespace }: SecondSystem) => [`${namespace}-tls`, `${namespace}-operators-tls`];

function kustomization(system: SecondSystem, path: (folder: string) => string): string {
  const { components = [] } = system;
  const [tls, operatorsTls] = tlsSecrets(system);
  const [newName, newTag] = system.image?.split(/:(?=[^/]*$)/) ?? [];
  const images =
    newName === undefined ? '' : `images: [{ name: outcry/services, newName: ${newName}, newTag: "${newTag}" }]`;
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${system.namespace}
resources: [${path('overlays/laptop')}]
configMapGenerator:
  - name: parameters
    behavior: merge
    options: { disableNameSuffixHash: true }
    literals:
      - host=${hostOf(system)}
      - operators-host=operators.${hostOf(system)}
      - tls-secret=${tls}
      - operators-tls-secret=${operatorsTls}
components: [${['parameters', ...components].map((name) => path(`components/${name}`)).join(', ')}]
${images}
`;
}

/** What is applied for it. */
export async function renderSecond(system: SecondSystem): Promise<Overlay> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'outcry-second-'));
  try {
    const path = (folder: string) => relative(directory, join(projectDirectory, 'k8s', folder));
    await writeFile(join(directory, 'kustomization.yaml'), kustomization(system, path));
    const overlay = await renderOverlay(directory);
    return system.hasMesh ? overlay : withoutMesh(overlay);
  } finally {
    await rm(directory, { recursive: true });
  }
}

function withoutMesh(overlay: Overlay): Overlay {
  const left = overlay.manifests.filter(
    ({ apiVersion, kind }) => !/\.istio\.io\//.test(apiVersion) && kind !== 'NetworkPolicy',
  );
  const plain = left.map((manifest) =>
    manifest.kind === 'Namespace' ? { ...manifest, metadata: { name: overlay.namespace } } : manifest,
  );
  return { ...overlay, manifests: plain };
}

/** Brings it up, and waits until it is ready. */
export async function bringUpSecond(system: SecondSystem): Promise<void> {
  await applyOverlay(await renderSecond(system), () => {});
}

/** Takes it away. */
export async function removeSecond(system: SecondSystem): Promise<void> {
  await kubectl(['delete', 'namespace', system.namespace, '--ignore-not-found', '--wait=false']);
  for (const name of tlsSecrets(system))
    await kubectl(['-n', 'istio-ingress', 'delete', 'secret', name, '--ignore-not-found']);
}
