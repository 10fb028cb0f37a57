import { codeName } from '#platform/errors/code.ts';
import { CommandError } from '../command.ts';
import type { MeshRpc } from '../contracts.ts';
import { podsOf } from '../mesh-file.ts';

/** A fault at a service: some calls get a status in place of an answer, or wait before they arrive. */
export type Fault = {
  service: string;
  /** Of 100 calls, each at random. */
  percent: number;
  /** The status of gRPC, as a number; undefined: none. */
  status: number | undefined;
  /** How long a call waits, in ms; 0: not at all. */
  delayMs: number;
  /** The one RPC that has it, such as `PlaceHolds`; undefined: all of the service. */
  rpc: string | undefined;
};

const delayMsMax = 10_000;

/** The label of all that experiments make, by which they are found and ended. */
export const experimentLabel = 'outcry.dev/experiment';

/** The name of the fault of a service. */
export function faultName(service: string): string {
  return `fault-${service}`;
}

/**
 * The fault as Istio takes it. It stands in the service's own proxies, so that callers and their proxies see it as an answer of the service: a
 * fault of a VirtualService is made before the caller's proxy tries again, and would show nothing of that. Throws CommandError for what
 * no contract has, or is out of bounds.
 */
export function faultFilter(fault: Fault, rpcs: readonly MeshRpc[]): object {
  const { service, percent, status, delayMs } = fault;
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) throw new CommandError('--percent takes 1 to 100');
  if (delayMs < 0 || delayMs > delayMsMax) throw new CommandError(`--delay takes at most ${delayMsMax} ms`);
  if (status === undefined && delayMs === 0) throw new CommandError('name a --status or a --delay');
  const percentage = { numerator: percent, denominator: 'HUNDRED' };
  const typed = {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
    ...(status !== undefined && { abort: { grpc_status: status, percentage } }),
    ...(delayMs > 0 && { delay: { fixed_delay: `${delayMs / 1_000}s`, percentage } }),
    headers: [{ name: ':path', string_match: { safe_regex: { regex: pathsOf(fault, rpcs) } } }],
  };
  const manager = 'envoy.filters.network.http_connection_manager';
  const before = { name: manager, subFilter: { name: 'envoy.filters.http.router' } };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: faultName(service), labels: { [experimentLabel]: 'fault' } },
    spec: {
      workloadSelector: { labels: podsOf(service).matchLabels },
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: { context: 'SIDECAR_INBOUND', listener: { filterChain: { filter: before } } },
          patch: { operation: 'INSERT_BEFORE', value: { name: 'outcry.fault', typed_config: typed } },
        },
      ],
    },
  };
}

function pathsOf({ service, rpc }: Fault, rpcs: readonly MeshRpc[]): string {
  const own = rpcs.filter(({ callee }) => callee === service).map(({ path }) => path);
  const meant = own.filter((path) => rpc === undefined || path.endsWith(`/${rpc}`));
  if (meant.length === 0) throw new CommandError(`no contract has ${service} ${rpc ?? ''}`);
  return rpc === undefined ? `/outcry[.]${service}[.].*` : meant.map((path) => path.replaceAll('.', '[.]')).join('|');
}

const statuses = Array.from({ length: 16 }, (_, index) => index + 1);

/** The number of a status by its name, such as UNAVAILABLE. Throws CommandError. */
export function statusOf(name: string): number {
  const found = statuses.find((code) => codeName(code) === name);
  if (found === undefined) throw new CommandError(`--status takes a status of gRPC other than OK, not ${name}`);
  return found;
}
