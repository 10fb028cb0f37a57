import { readPodMetrics } from '../../scripts/mesh/index.ts';
import { meshNamespace } from './cluster.ts';

/** Calls of the RPCs that a pod has ended, by its own metrics; of those only that ended with `status`, where one is named. */
export async function callsEnded(pod: string, rpcs: readonly string[], status?: string): Promise<number> {
  const samples = await readPodMetrics(meshNamespace, pod);
  if (samples === undefined) throw new Error(`${pod} has no metrics at the moment`);
  const own = samples.filter(
    ({ name, labels }) =>
      name === 'rpc_server_call_duration_seconds_count' &&
      rpcs.includes(labels.rpc_method?.split('/').at(-1) ?? '') &&
      (status === undefined || labels.rpc_response_status_code === status),
  );
  return own.reduce((total, { value }) => total + value, 0);
}
