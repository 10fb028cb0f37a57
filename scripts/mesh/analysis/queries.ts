/**
 * What other tools than our own command judge a canary by: queries for Prometheus over the services' own metrics, since those of the mesh count a
 * failed gRPC call as HTTP 200. Each gives one number, also without any call.
 */
import { gatewayService } from '#platform/auth/access.ts';

/** The pods of the two versions, as patterns of their names, and their namespace. They may contain variables of the tool. */
export type Versions = { service: string; namespace: string; canary: string; stable: string };

/** A number, and between what bounds it must lie; both are included. */
export type Query = { name: string; query: string; min?: number; max?: number };

const faultCodes = 'UNKNOWN|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS';
const slowSeconds = '0.5';
const rpc = 'rpc_method';

/** The queries for a canary of a service. Counters of the canary are taken as they are: its pods begin with it. */
export function queriesFor(versions: Versions): Query[] {
  const { service, namespace } = versions;
  const duration = `rpc_${service === gatewayService ? 'client' : 'server'}_call_duration_seconds`;
  const calls = (pods: string, more = '') => count(`${duration}_count`, `rpc_method=~"outcry[.].+"${more}`, pods);
  const faults = (pods: string) => calls(pods, `,rpc_response_status_code=~"${faultCodes}"`);
  const quick = (pods: string) => count(`${duration}_bucket`, `rpc_method=~"outcry[.].+",le="${slowSeconds}"`, pods);
  const slow = (pods: string) => `(${calls(pods)} - ${quick(pods)})`;
  const count = (name: string, labels: string, pods: string) =>
    `sum by (${rpc}) (${name}{namespace="${namespace}",pod=~"${pods}",${labels}})`;
  const { canary, stable } = versions;
  return [
    { name: 'calls', min: 20, query: `sum(${calls(canary)}) or vector(0)` },
    {
      name: 'faults',
      max: 2,
      query: excess({ bad: faults(canary), all: calls(canary) }, { bad: faults(stable), all: calls(stable) }),
    },
    {
      name: 'slow-calls',
      max: 19,
      query: excess({ bad: slow(canary), all: calls(canary) }, { bad: slow(stable), all: calls(stable) }),
    },
    { name: 'restarts', max: 0, query: restartsOf(versions) },
    { name: 'memory', max: 0, query: memoryOf(versions) },
    { name: 'event-loop-lag', max: 0, query: lagOf(versions) },
    { name: 'audit-findings', max: 0, query: `max(outcry_audit_findings{namespace="${namespace}"}) or vector(0)` },
    ...(service === 'order' ? orderQueries(versions) : [compensatedSince(namespace)]),
  ];
}

type Counts = { bad: string; all: string };

/** How many more calls of the RPC that is the worst went badly than at the share of the stable version. */
function excess(canary: Counts, stable: Counts): string {
  const share = `((${stable.bad}) / (${stable.all} > 0))`;
  const expected = `((${canary.all}) * ${share} or (${canary.all}) * 0)`;
  return `max((${canary.bad}) - ${expected}) or vector(0)`;
}

function restartsOf({ namespace, canary }: Versions): string {
  return `sum(changes(process_start_time_seconds{namespace="${namespace}",pod=~"${canary}"}[10m])) or vector(0)`;
}

/** Bytes beyond those of the stable version, half of them more, and 32 MiB. */
function memoryOf({ namespace, canary, stable }: Versions): string {
  const most = (pods: string) => `max(process_resident_memory_bytes{namespace="${namespace}",pod=~"${pods}"})`;
  return `clamp_min(${most(canary)} - 1.5 * ${most(stable)} - ${32 * 1024 * 1024}, 0) or vector(0)`;
}

/** Seconds by which the event loop is late, in the middle, beyond those of the stable version and 0.25 s. */
function lagOf({ namespace, canary, stable }: Versions): string {
  const most = (pods: string) => `max(nodejs_eventloop_lag_p50_seconds{namespace="${namespace}",pod=~"${pods}"})`;
  return `clamp_min(${most(canary)} - ${most(stable)} - 0.25, 0) or vector(0)`;
}

/**
 * Outcomes of orders; only where both versions place some. A twentieth more may be refused, or rest, and three standard deviations: a canary
 * of a tenth has few orders, and each asks for something else.
 */
function orderQueries({ namespace, canary, stable }: Versions): Query[] {
  const total = (name: string, pods: string, labels = '') =>
    `sum(${name}{namespace="${namespace}",pod=~"${pods}"${labels}})`;
  const placed = (pods: string, outcome = 'placed') =>
    total('outcry_orders_placed_total', pods, `,outcome=~"${outcome}"`);
  const notFilled = (pods: string) => `(${placed(pods)} - ${total('outcry_orders_filled_at_once_total', pods)})`;
  const more = (bad: (pods: string) => string, all: (pods: string) => string) => {
    const share = `(${bad(stable)} / (${all(stable)} > 0))`;
    const pooled = `((${bad(canary)} + ${bad(stable)}) / (${all(canary)} + ${all(stable)}))`;
    const deviation = `sqrt(${all(canary)} * ${pooled} * (1 - ${pooled}))`;
    return `${bad(canary)} - ${all(canary)} * (${share} + 0.05) - 3 * ${deviation} or vector(0)`;
  };
  const compensated = `outcry_orders_swept_total{namespace="${namespace}",pod=~"${canary}",action="compensated"}`;
  return [
    {
      name: 'orders-refused',
      max: 2,
      query: more(
        (pods) => placed(pods, 'refused'),
        (pods) => placed(pods, 'placed|refused'),
      ),
    },
    { name: 'orders-not-filled', max: 2, query: more(notFilled, placed) },
    { name: 'orders-compensated', max: 2, query: `sum(${compensated}) or vector(0)` },
  ];
}

/** Of another service than order: orders that the whole system had to compensate lately. */
function compensatedSince(namespace: string): Query {
  const compensated = `outcry_orders_swept_total{namespace="${namespace}",action="compensated"}`;
  return { name: 'orders-compensated', max: 2, query: `sum(increase(${compensated}[2m])) or vector(0)` };
}
