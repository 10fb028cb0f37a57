/** Values of metrics for those who show them elsewhere: nothing is measured a second time. */
import type { Metrics } from './metrics.ts';

/** The values of a gauge by one of its labels (`''` without one); empty when the process has no such metric. */
export async function readGauge({ registry }: Metrics, name: string, label = ''): Promise<Map<string, number>> {
  const metric = registry.getSingleMetric(name);
  if (metric === undefined) return new Map();
  const { values } = await metric.get();
  return new Map(values.map(({ labels, value }) => [String(Reflect.get(labels, label) ?? ''), value]));
}
