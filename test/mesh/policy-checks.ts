/** What shows that a policy is there: a call or a connection that it lets through or stops, or what it makes the proxies do. */
import { randomUUID } from 'node:crypto';
import https from 'node:https';
import { kubectl, rpcPort, serviceLabel } from '../../scripts/mesh/index.ts';
import { ingressUrl, meshNamespace, operatorsUrl, sidecarName } from './cluster.ts';
import { outsideNamespace } from './pods.ts';
import type { LivePolicy } from './policies-in-cluster.ts';
import { fetchFrom, meshRefusal, postgresCall, probe, serviceCaller, smtpCall } from './probe.ts';
import { connectsTo, findsNames, ingressPlace, scraperPlace } from './wanderers.ts';

/** Resolves to whether what the policy is for holds. */
export type PolicyCheck = () => Promise<boolean>;

type Authorization = {
  selector: { matchLabels: Record<string, string> };
  rules: { from: { source: { serviceAccounts: string[] } }[]; to: { operation: { paths?: string[] } }[] }[];
};
type Network = {
  ingress?: { from: Peer[]; ports: { port: number }[] }[];
  egress?: { to: Peer[]; ports: { port: number }[] }[];
};
type Peer = { podSelector?: { matchLabels: Record<string, string> } };

const metricsPort = 15020;
const stranger = { namespace: meshNamespace, target: 'pod/stranger' };
const outsider = { namespace: outsideNamespace, target: 'pod/outsider' };
const outside = 'http://istiod.istio-system.svc.cluster.local:15014/version';

const byName: Record<string, PolicyCheck> = {
  'strict-mtls': async () => {
    const { rpcs: results } = await probe(outsider, { rpcs: [{ service: 'user', path: '/any.Service/Call' }] });
    return results[0]?.status === 0;
  },
  // Nothing may call the house traders, so no other policy is about them.
  'default-deny': () => isRefused({ service: 'simulator', path: '/any.Service/Call' }),
  'allow-gateway-from-ingress': () => answers(ingressUrl, '/', 200),
  'refuse-operators-rpcs-elsewhere': () =>
    isRefused({ service: 'gateway', path: '/outcry.user.v1.UserAdminService/SetRoles' }),
  scope: async () => (await fetchFrom(serviceCaller('notification'), outside)) !== '200',
  'log-failures': logsFailures,
  'ingress-gateway': () => answers(ingressUrl, '/', 200),
  'operators-gateway': () => answers(operatorsUrl, '/', 200),
  'route-ingress-to-gateway': () => answers(ingressUrl, '/', 200),
  'route-operators-to-gateway': () => answers(operatorsUrl, '/', 200),
  'deny-all': async () =>
    !(await connectsTo({ namespace: meshNamespace }, 'none', rpcPort)) &&
    (await connectsTo(scraperPlace, 'none', metricsPort)) &&
    findsNames(),
  'connect-ingress': () => connectsTo(ingressPlace, 'gateway', rpcPort),
};

const byKind: Record<string, (policy: LivePolicy) => PolicyCheck | undefined> = {
  AuthorizationPolicy: allows,
  NetworkPolicy: opensConnection,
  VirtualService:
    ({ metadata }) =>
    () =>
      hasOwnRoutes(metadata.name.replace('retries-', '')),
  DestinationRule:
    ({ metadata }) =>
    () =>
      hasBudget(metadata.name.replace('balance-', '')),
};

/** The check of a policy; undefined where there is none for it. */
export function checkOf(policy: LivePolicy): PolicyCheck | undefined {
  return byName[policy.metadata.name] ?? byKind[policy.kind]?.(policy);
}

/** An allow-CALLEE-from-CALLER: what it names passes for the first identity that it names. */
function allows({ spec }: LivePolicy): PolicyCheck | undefined {
  const { selector, rules } = spec as Authorization;
  const service = selector.matchLabels[serviceLabel] ?? '';
  const caller = serviceCaller(rules[0]?.from[0]?.source.serviceAccounts[0] ?? '');
  const path = rules[0]?.to[0]?.operation.paths?.find((one) => one.startsWith('/outcry.'));
  if (path !== undefined) return async () => !(await isRefused({ service, path }, caller));
  const tcp = { postgres: postgresCall, mailbox: smtpCall }[service];
  // A Job has ended, and there may be no RabbitMQ.
  if (tcp === undefined || caller.target.includes('create-databases')) return undefined;
  return async () => (await probe(caller, { rpcs: [], tcp: [tcp] })).tcp[0]?.includes(tcp.until) === true;
}

/** A connect-SERVICE: the first connection that it names. */
function opensConnection({ metadata, spec }: LivePolicy): PolicyCheck {
  const own = metadata.name.replace('connect-', '');
  const { ingress, egress } = spec as Network;
  const peer = (peers: Peer[] = []) => peers[0]?.podSelector?.matchLabels[serviceLabel] ?? '';
  const [from, to, port] = ingress
    ? [peer(ingress[0]?.from), own, ingress[0]?.ports[0]?.port]
    : [own, peer(egress?.[0]?.to), egress?.[0]?.ports[0]?.port];
  return () => connectsTo({ namespace: meshNamespace, service: from }, to, port ?? rpcPort);
}

async function isRefused(call: { service: string; path: string }, caller = stranger): Promise<boolean> {
  const { rpcs: results } = await probe(caller, { rpcs: [call] });
  return results[0]?.message === meshRefusal.message;
}

/** By a connection of its own: one that is open goes on for a while under the configuration that it began with. */
async function answers(base: () => Promise<string>, path: string, wanted: number): Promise<boolean> {
  const url = `${await base()}${path}`;
  const status = await new Promise<number>((resolve) => {
    const request = https.get(url, { agent: false, timeout: 5_000 }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
  return status === wanted;
}

const failing = `/outcry.user.v1.${randomUUID()}/Refused`;

async function logsFailures(): Promise<boolean> {
  await probe(serviceCaller('gateway'), { rpcs: [{ service: 'user', path: failing }] });
  const log = await kubectl(['-n', meshNamespace, 'logs', 'deployment/user', '-c', sidecarName, '--since=5s']);
  return log.includes(failing);
}

async function hasOwnRoutes(host: string): Promise<boolean> {
  const dump = await configOfGateway('dynamic_route_configs');
  const found = new RegExp(
    `"name": ?"${host}\\.${meshNamespace}\\.svc\\.cluster\\.local:${rpcPort}"[^]*?"retry_on": ?"([^"]*)"`,
  ).exec(dump);
  return found?.[1]?.includes('reset-before-request') === true;
}

async function hasBudget(host: string): Promise<boolean> {
  const dump = await configOfGateway('dynamic_active_clusters');
  const { configs = [] } = JSON.parse(dump) as { configs?: { cluster: { name: string; circuit_breakers?: object } }[] };
  const name = `outbound|${rpcPort}||${host}.${meshNamespace}.svc.cluster.local`;
  const cluster = configs.find((one) => one.cluster.name === name)?.cluster;
  return JSON.stringify(cluster?.circuit_breakers ?? {}).includes('retry_budget');
}

function configOfGateway(resource: string): Promise<string> {
  const ask = ['pilot-agent', 'request', 'GET', `config_dump?resource=${resource}`];
  return kubectl(['-n', meshNamespace, 'exec', 'deploy/gateway', '-c', sidecarName, '--', ...ask]);
}
