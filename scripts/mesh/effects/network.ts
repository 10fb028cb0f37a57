/** Which connections the cluster's network lets through, by the rules of Kubernetes' documents for NetworkPolicy. */
import type { Policy } from './policy-file.ts';

/** A pod by its labels, and those of its namespace where that is another one. */
export type NetworkPod = { labels: Record<string, string>; namespaceLabels?: Record<string, string> };

type Selector = { matchLabels?: Record<string, string> };
type Peer = { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: object };
type Rule = { from?: Peer[]; to?: Peer[]; ports?: { port: number }[] };

/** The parts of a NetworkPolicy that ours use. */
export type Network = {
  podSelector: Selector;
  policyTypes: ('Ingress' | 'Egress')[];
  ingress?: Rule[];
  egress?: Rule[];
};

/** Whether a connection is opened: neither end is closed to it. Policies hold for pods of their own namespace only. */
export function connects(
  policies: readonly Policy<Network>[],
  { from, to, port }: { from: NetworkPod; to: NetworkPod; port: number },
): boolean {
  return (
    opens(policies, { type: 'Egress', own: from, other: to, port }) &&
    opens(policies, { type: 'Ingress', own: to, other: from, port })
  );
}

type End = { type: 'Ingress' | 'Egress'; own: NetworkPod; other: NetworkPod; port: number };

function opens(policies: readonly Policy<Network>[], { type, own, other, port }: End): boolean {
  if (own.namespaceLabels !== undefined) return true;
  const selecting = policies.filter(({ spec }) => spec.policyTypes.includes(type) && has(own.labels, spec.podSelector));
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) => {
    const rules = (type === 'Ingress' ? spec.ingress : spec.egress) ?? [];
    return rules.some(({ from, to, ports }) => {
      const peers = from ?? to;
      const isPeer = peers === undefined || peers.some((peer) => isOther(peer, other));
      return isPeer && (ports === undefined || ports.some((one) => one.port === port));
    });
  });
}

function isOther({ podSelector, namespaceSelector, ipBlock }: Peer, { labels, namespaceLabels }: NetworkPod): boolean {
  if (ipBlock !== undefined) return false;
  const isPlace =
    namespaceSelector === undefined ? namespaceLabels === undefined : has(namespaceLabels ?? {}, namespaceSelector);
  return isPlace && has(labels, podSelector ?? {});
}

function has(labels: Record<string, string>, { matchLabels = {} }: Selector): boolean {
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}
