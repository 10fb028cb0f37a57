/** What each service has counted of itself: calls that it answered, events that it published and took. */
import { timeoutSignal } from '#platform/time/within.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';

/** Counters of all replicas of a service. */
export type ServiceCounters = { rpcs: number; published: number; consumed: number };

const timeoutMs = 10_000;
const series: Record<keyof ServiceCounters, string> = {
  rpcs: 'rpc_server_call_duration_seconds_count',
  published: 'messaging_client_sent_messages_total',
  consumed: 'messaging_client_consumed_messages_total',
};

/** Reads the counters of every service. */
export async function readServiceCounters(system: RunningSystem): Promise<Map<string, ServiceCounters>> {
  const counters = new Map<string, ServiceCounters>();
  const texts = await Promise.all(
    system.run().processes.map(async ({ name, adminPort }) => ({ name, text: await readMetrics(adminPort) })),
  );
  for (const { name, text } of texts) {
    const before = counters.get(name) ?? { rpcs: 0, published: 0, consumed: 0 };
    counters.set(name, {
      rpcs: before.rpcs + sumOfMetric(text, series.rpcs),
      published: before.published + sumOfMetric(text, series.published),
      consumed: before.consumed + sumOfMetric(text, series.consumed),
    });
  }
  return counters;
}

/** The metrics of one process, in Prometheus' text format. */
export async function readMetrics(adminPort: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`, { signal: timeoutSignal(timeoutMs) });
  return response.text();
}

/** The sum of all series of a metric; 0 when there is none. */
export function sumOfMetric(text: string, metric: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
      sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}
