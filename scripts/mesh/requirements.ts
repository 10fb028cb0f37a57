import { kubectl } from './command.ts';

/** The oldest Kubernetes: a pod pauses before its end without a shell (`preStop.sleep`), and has native sidecars. */
export const kubernetesMin = { major: 1, minor: 30 };

/** The oldest Istio: identities of the policy's own namespace (1.25) and budgets for retries (1.27). */
export const istioMin = '1.27';

/** What the check reads of a cluster. */
export type ClusterFacts = {
  /** The API server's version, such as 1.34. */
  kubernetes: { major: number; minor: number };
  /** The schemas of Istio's kinds as JSON text; empty when the cluster does not have the kind. */
  authorizationPolicySchema: string;
  destinationRuleSchema: string;
  /** Pods with the label `istio`: its value, and NAMESPACE/NAME of the identity. */
  istioPods: { label: string; serviceAccount: string }[];
};

/** Reads the facts from the cluster that KUBECONFIG names. */
async function readFacts(): Promise<ClusterFacts> {
  const [version, authorizationPolicySchema, destinationRuleSchema, pods] = await Promise.all([
    kubectl(['version', '-o', 'json']),
    readSchema('authorizationpolicies.security.istio.io'),
    readSchema('destinationrules.networking.istio.io'),
    kubectl(['get', 'pods', '-A', '-l', 'istio', '-o', 'json']),
  ]);
  const { serverVersion } = JSON.parse(version) as { serverVersion: { major: string; minor: string } };
  const { items } = JSON.parse(pods) as {
    items: {
      metadata: { namespace: string; labels: Record<string, string> };
      spec: { serviceAccountName: string };
    }[];
  };
  return {
    // Some clusters write the minor version as `34+`.
    kubernetes: {
      major: Number.parseInt(serverVersion.major, 10),
      minor: Number.parseInt(serverVersion.minor, 10),
    },
    authorizationPolicySchema,
    destinationRuleSchema,
    istioPods: items.map(({ metadata, spec }) => ({
      label: metadata.labels.istio ?? '',
      serviceAccount: `${metadata.namespace}/${spec.serviceAccountName}`,
    })),
  };
}

function readSchema(name: string): Promise<string> {
  return kubectl(['get', 'crd', name, '--ignore-not-found', '-o', 'jsonpath={.spec.versions}']);
}

/** As `findMissing`, of the cluster that KUBECONFIG names. */
export async function findOverlayProblems({ parameters }: { parameters: Record<string, string> }): Promise<string[]> {
  return findMissing(await readFacts(), parameters);
}

/** Finds what the cluster lacks for an overlay with these parameters. One line for each, which names the cure. */
export function findMissing(facts: ClusterFacts, parameters: Readonly<Record<string, string>>): string[] {
  return [...versionProblems(facts), ...ingressProblems(facts, parameters)];
}

function versionProblems({ kubernetes, authorizationPolicySchema, destinationRuleSchema }: ClusterFacts): string[] {
  const { major, minor } = kubernetes;
  const isOld = major < kubernetesMin.major || (major === kubernetesMin.major && minor < kubernetesMin.minor);
  const oldest = `${kubernetesMin.major}.${kubernetesMin.minor}`;
  const kubernetesProblems = isOld ? [`Kubernetes is ${major}.${minor}; ${oldest} or newer is needed`] : [];
  if (authorizationPolicySchema === '' || destinationRuleSchema === '') {
    return [...kubernetesProblems, `Istio is not installed; ${istioMin} or newer is needed`];
  }
  // Its version is not read: a managed mesh shows none, and what counts is the fields that it knows.
  const missing = [
    ...(authorizationPolicySchema.includes('"serviceAccounts"') ? [] : ['serviceAccounts in AuthorizationPolicy']),
    ...(destinationRuleSchema.includes('"retryBudget"') ? [] : ['retryBudget in DestinationRule']),
  ];
  if (missing.length === 0) return kubernetesProblems;
  return [...kubernetesProblems, `Istio is older than ${istioMin}: it does not know ${missing.join(' and ')}`];
}

function ingressProblems({ istioPods }: ClusterFacts, parameters: Readonly<Record<string, string>>): string[] {
  const { 'ingress-label': label, 'ingress-service-account': serviceAccount } = parameters;
  if (label === undefined) return [];
  const found = istioPods.filter((pod) => pod.label === label);
  const advice = 'set ingress-label and ingress-service-account in the overlay';
  if (found.length === 0) {
    const others = new Set(istioPods.map((pod) => `istio=${pod.label} of ${pod.serviceAccount}`));
    return [`no ingress has the label istio=${label}; ${advice}. There are: ${[...others].join(', ') || 'none'}`];
  }
  const others = new Set(found.map((pod) => pod.serviceAccount).filter((other) => other !== serviceAccount));
  return [...others].map(
    (other) => `the ingress with the label istio=${label} is ${other}, not ${serviceAccount}; ${advice}`,
  );
}
