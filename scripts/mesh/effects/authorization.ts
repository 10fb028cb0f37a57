/** Which calls the proxies let through, by the rules of Istio's documents for AuthorizationPolicy. */
import type { Policy } from './policy-file.ts';

/** A call between two identities of the namespace, or of an identity outside, such as `istio-ingress/ingress`. */
export type MeshCall = { caller: string; callee: string; port: number; path?: string; host?: string };

type Operation = { ports?: string[]; methods?: string[]; paths?: string[]; notHosts?: string[] };
type Rule = { from?: { source: { serviceAccounts: string[] } }[]; to?: { operation: Operation }[] };

/** The parts of an AuthorizationPolicy that ours use. */
export type Authorization = {
  selector?: { matchLabels: Record<string, string> };
  action?: 'ALLOW' | 'DENY';
  rules?: Rule[];
};

/** Whether the proxy of the callee lets a call through: no DENY matches, and an ALLOW does where there is any. */
export function admits(policies: readonly Policy<Authorization>[], call: MeshCall): boolean {
  const own = policies.filter(({ spec }) => selects(spec, call.callee)).map(({ spec }) => spec);
  const matches = ({ rules = [] }: Authorization) => rules.some((rule) => ruleMatches(rule, call));
  if (own.some((spec) => spec.action === 'DENY' && matches(spec))) return false;
  const allows = own.filter(({ action = 'ALLOW' }) => action === 'ALLOW');
  return allows.length === 0 || allows.some(matches);
}

function selects({ selector }: Authorization, callee: string): boolean {
  return selector === undefined || selector.matchLabels['outcry.dev/service'] === callee;
}

function ruleMatches({ from, to }: Rule, call: MeshCall): boolean {
  const isFrom = from === undefined || from.some(({ source }) => source.serviceAccounts.includes(call.caller));
  return isFrom && (to === undefined || to.some(({ operation }) => operationMatches(operation, call)));
}

function operationMatches({ ports, methods, paths, notHosts }: Operation, { port, path, host }: MeshCall): boolean {
  if (ports !== undefined && !ports.includes(String(port))) return false;
  if (notHosts?.some((not) => textMatches(not, host ?? ''))) return false;
  // What is of HTTP does not match a connection that is not.
  if (methods !== undefined && (path === undefined || !methods.includes('POST'))) return false;
  return paths === undefined || (path !== undefined && paths.some((wanted) => textMatches(wanted, path)));
}

function textMatches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
