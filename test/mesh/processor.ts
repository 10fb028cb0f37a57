/** The processor time of the containers of a namespace, as the nodes count it. */
import { kubectl } from '../../scripts/mesh/index.ts';
import { sidecarName } from './cluster.ts';

type ContainerStats = { name: string; cpu?: { time: string; usageCoreNanoSeconds?: number } };
type PodStats = { podRef: { name: string; namespace: string }; containers: ContainerStats[] };
type Usage = { service: string; timeMs: number; usedMs: number; isSidecar: boolean };

/** Processors, such as 0.25. */
export type Used = { service: number; sidecar: number };

/** What was used up to a moment, by container. */
export type ProcessorReading = ReadonlyMap<string, Usage>;

/** Reads it. The nodes count every ten seconds or so, each container at a time of its own. */
export async function readProcessor(namespace: string): Promise<ProcessorReading> {
  const names = (await kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n');
  const usage = new Map<string, Usage>();
  for (const name of names) {
    const path = `/api/v1/nodes/${name.replace('node/', '')}/proxy/stats/summary`;
    const { pods } = JSON.parse(await kubectl(['get', '--raw', path])) as { pods: PodStats[] };
    for (const { podRef, containers } of pods.filter((pod) => pod.podRef.namespace === namespace)) {
      for (const { name: container, cpu } of containers) {
        if (cpu?.usageCoreNanoSeconds === undefined) continue;
        const used = { timeMs: Date.parse(cpu.time), usedMs: cpu.usageCoreNanoSeconds / 1e6 };
        usage.set(`${podRef.name}/${container}`, {
          ...used,
          service: serviceOf(podRef.name),
          isSidecar: container === sidecarName,
        });
      }
    }
  }
  return usage;
}

/** Processors in use on average between two readings, by service (PostgreSQL is one): of the service itself and of its sidecar. */
export function processorsUsed(before: ProcessorReading, after: ProcessorReading): Map<string, Used> {
  const used = new Map<string, Used>();
  for (const [container, { timeMs, usedMs, isSidecar, service }] of after) {
    const earlier = before.get(container);
    if (earlier === undefined || timeMs <= earlier.timeMs) continue;
    const own = used.get(service) ?? { service: 0, sidecar: 0 };
    own[isSidecar ? 'sidecar' : 'service'] += (usedMs - earlier.usedMs) / (timeMs - earlier.timeMs);
    used.set(service, own);
  }
  return used;
}

function serviceOf(pod: string): string {
  return pod.split('-')[0] ?? pod;
}
