/** Time and memory of each service in the cluster. */
import { kubectl } from '../../scripts/mesh/index.ts';
import { listPods, meshNamespace, type Pod, sidecarName } from './cluster.ts';

/** One service: seconds from its pod's start to ready, and the memory in use of its container and its sidecar, in MiB. */
export type Figure = { service: string; readySeconds: number; serviceMib: number; sidecarMib: number };

type PodStats = {
  podRef: { name: string; namespace: string };
  containers: { name: string; memory?: { workingSetBytes?: number } }[];
};

/** Seconds from each pod's start to ready, by service; to be read before anything makes a pod unready for a while. */
export async function readReadyTimes(): Promise<Map<string, number>> {
  return new Map((await listPods()).map((pod) => [serviceOf(pod), readySecondsOf(pod)]));
}

/** Prints a JSON line for each service, then all of them as a table. */
export async function printFigures(readyTimes: ReadonlyMap<string, number>): Promise<void> {
  const figures = await readFigures(readyTimes);
  for (const figure of figures) console.log(JSON.stringify({ bench: 'mesh', ...figure }));
  const sum = (read: (figure: Figure) => number) => figures.reduce((total, figure) => total + read(figure), 0);
  const total: Figure = {
    service: 'all',
    readySeconds: Math.max(0, ...figures.map(({ readySeconds }) => readySeconds)),
    serviceMib: sum(({ serviceMib }) => serviceMib),
    sidecarMib: sum(({ sidecarMib }) => sidecarMib),
  };
  console.log('\nservice        ready s  service MiB  sidecar MiB');
  for (const { service, readySeconds, serviceMib, sidecarMib } of [...figures, total]) {
    const columns = [
      String(readySeconds).padStart(7),
      String(serviceMib).padStart(11),
      String(sidecarMib).padStart(11),
    ];
    console.log(`${service.padEnd(14)} ${columns.join('  ')}`);
  }
}

async function readFigures(readyTimes: ReadonlyMap<string, number>): Promise<Figure[]> {
  const pods = await listPods();
  const nodes = [...new Set(pods.map(({ spec }) => spec.nodeName))];
  const stats = (await Promise.all(nodes.map(readStats))).flat();
  return pods
    .map((pod) => {
      const service = serviceOf(pod);
      const readySeconds = readyTimes.get(service) ?? readySecondsOf(pod);
      return { service, readySeconds, ...memoryOf(pod, stats) };
    })
    .toSorted((one, other) => one.service.localeCompare(other.service));
}

/** What the node measures; nothing, with a line that says so, where the cluster does not let this user read it. */
async function readStats(node: string): Promise<PodStats[]> {
  const path = `/api/v1/nodes/${node}/proxy/stats/summary`;
  const text = await kubectl(['get', '--raw', path]).catch((error: Error) => {
    console.log(`the memory on ${node} is not known: ${error.message.split('\n').at(-1)}`);
    return '{"pods":[]}';
  });
  const { pods } = JSON.parse(text) as { pods: PodStats[] };
  return pods.filter(({ podRef }) => podRef.namespace === meshNamespace);
}

function memoryOf({ metadata }: Pod, stats: readonly PodStats[]): Pick<Figure, 'serviceMib' | 'sidecarMib'> {
  const containers = stats.find(({ podRef }) => podRef.name === metadata.name)?.containers ?? [];
  const mib = (matches: (name: string) => boolean) => {
    const bytes = containers.filter(({ name }) => matches(name)).map(({ memory }) => memory?.workingSetBytes ?? 0);
    return Math.round(bytes.reduce((total, one) => total + one, 0) / 2 ** 20);
  };
  return { serviceMib: mib((name) => name !== sidecarName), sidecarMib: mib((name) => name === sidecarName) };
}

function readySecondsOf({ status }: Pod): number {
  const readyTime = status.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? status.startTime;
  return (Date.parse(readyTime) - Date.parse(status.startTime)) / 1_000;
}

function serviceOf({ metadata }: Pod): string {
  return metadata.labels.app ?? metadata.name;
}
