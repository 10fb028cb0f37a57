import { parseAllDocuments } from 'yaml';
import { CommandError, runCommand } from './command.ts';
import type { Manifest } from './manifest.ts';

/** An overlay as it is applied. */
export type Overlay = {
  manifests: Manifest[];
  /** The one namespace of all of them. */
  namespace: string;
  /** The ConfigMap `parameters`; empty without one. */
  parameters: Record<string, string>;
};

/** The overlay of the laptop. */
export const defaultOverlay = 'k8s/overlays/laptop';

/** Renders an overlay's folder by the kustomize that is part of kubectl. Rejects with CommandError when it cannot be rendered. */
export async function renderOverlay(directory: string): Promise<Overlay> {
  const text = await runCommand('kubectl', ['kustomize', directory]);
  const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  const namespaces = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  const [namespace] = namespaces;
  if (namespace === undefined || namespaces.size > 1) {
    throw new CommandError(`${directory} must have one namespace, and has ${[...namespaces].join(', ') || 'none'}`);
  }
  const without = manifests.filter(({ kind, metadata }) => metadata.namespace === undefined && !isOfCluster(kind));
  if (without.length > 0) {
    const names = without.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ');
    throw new CommandError(`${directory} must state its namespace, which these lack: ${names}`);
  }
  const parameters = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'parameters');
  return { manifests, namespace, parameters: parameters?.data ?? {} };
}

/** Whether resources of a kind stand in no namespace, of the kinds that overlays have. */
function isOfCluster(kind: string): boolean {
  return kind === 'Namespace' || kind === 'PriorityClass' || kind.startsWith('Cluster');
}
