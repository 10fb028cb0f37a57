import { stringify } from 'yaml';

/** A generated file below istio/ or k8s/; its name may begin with a folder. */
export type MeshFile = { name: string; text: string };

/** The first line of every generated file. */
export const generatedNote = '# Generated from the contracts by `npm run mesh:generate`; do not edit.';

/** What a cluster may lack, and the folder of the policies about it: the component of k8s/ that brings the one includes the other. */
const optionalFolders: ReadonlyMap<string, string> = new Map([
  ['mailbox', 'mail'],
  ['postgres', 'postgres'],
  ['rabbitmq', 'rabbitmq'],
  ['simulator', 'simulator'],
]);

/** The folder of the policies of the cluster's network. */
export const networkFolder = 'network';

/** The folders of istio/ with policies of their own; '' is istio/ itself. */
export const policyFolders: readonly string[] = ['', networkFolder, ...optionalFolders.values()];

/** The folder of a policy about these services, with its slash; empty when every cluster has them. */
export function folderOf(services: readonly string[]): string {
  const folder = services.map((service) => optionalFolders.get(service)).find((found) => found !== undefined);
  return folder === undefined ? '' : `${folder}/`;
}

/** A generated file with one resource of Kubernetes. */
export function meshFile(name: string, resource: object): MeshFile {
  return {
    name: `${name}.yaml`,
    text: `${generatedNote}\n${stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false })}`,
  };
}

/** How policies select the pods of a service: by a label that also the pods of a second version carry. */
export function podsOf(service: string): { matchLabels: Record<string, string> } {
  return { matchLabels: { 'outcry.dev/service': service } };
}

/** Services that have no canary: the exchange's is a standby, a mail catcher has one SMTP port, and nothing calls the house traders. */
const withoutCanary: ReadonlySet<string> = new Set(['exchange', 'mailbox', 'simulator']);

/** Whether a second version of a service can take a share of its calls. */
export function hasCanary(service: string): boolean {
  return !withoutCanary.has(service);
}

/** The label of pods that says which of the versions of a service they are. */
export const trackLabel = 'track';

/** The versions of a service that run beside each other: the values of the label, and the names of their subsets. */
export type Track = 'stable' | 'canary';

/** The pods of the exchange that have a Service of their own, by which they reach each other. */
const exchangePeers = ['exchange-0', 'exchange-1', 'exchange-2'];

/** The names of the Services under which a service is called. Without rules of its own a name would get Istio's retries, for every call. */
export function hostsOf(service: string): string[] {
  return service === 'exchange' ? [service, ...exchangePeers] : [service];
}
