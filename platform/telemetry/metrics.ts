/** Prometheus metrics under OpenTelemetry names, one registry a process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a metric is called. Names are snake_case and end in their unit (`_seconds`, `_bytes`, `_total`). */
export type MetricOptions = { name: string; help: string; labels?: string[] };

/** The metrics of one process. Asking for a name again returns the metric that has it. */
export type Metrics = {
  registry: Registry;
  counter(options: MetricOptions): Counter;
  /** `collect` runs at each scrape and may set the gauge. */
  gauge(options: MetricOptions & { collect?: (gauge: Gauge) => void | Promise<void> }): Gauge;
  /** `buckets` are upper bounds in the unit of the name; default: 0.5 ms to 10 s. */
  histogram(options: MetricOptions & { buckets?: number[] }): Histogram;
};

const durationBucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

// The event loop's lag is sampled by a timer. The default of 10 ms wakes an idle process a hundred times a second.
const eventLoopSampleMs = 250;

/** A registry whose every series carries `service_name`; `processMetrics` adds memory, CPU and event loop of the process. */
export function createMetrics(service: string, options: { processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service_name: service });
  if (options.processMetrics) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  }
  return {
    registry,
    counter: ({ name, help, labels = [] }) =>
      existing(registry, name, Counter) ?? new Counter({ name, help, labelNames: labels, registers: [registry] }),
    gauge: ({ name, help, labels = [], collect }) => {
      const found = existing(registry, name, Gauge);
      if (found !== undefined) return found;
      const gauge: Gauge = new Gauge({
        name,
        help,
        labelNames: labels,
        registers: [registry],
        ...(collect && { collect: () => collect(gauge) }),
      });
      return gauge;
    },
    histogram: ({ name, help, labels = [], buckets = durationBucketsSeconds }) =>
      existing(registry, name, Histogram) ??
      new Histogram({ name, help, labelNames: labels, buckets, registers: [registry] }),
  };
}

function existing<M>(registry: Registry, name: string, kind: new (...args: never[]) => M): M | undefined {
  const metric: unknown = registry.getSingleMetric(name);
  if (metric === undefined) return undefined;
  if (metric instanceof kind) return metric;
  throw new TypeError(`metric ${name} exists as another kind`);
}
