/** Starts the recording of spans: OpenTelemetry's SDK and the exporter of OTLP, loaded only by a process that sends spans. */
import { createRateSampler, setEdgeSampler } from './sampling.ts';
import { setSpanRecorder } from './spans.ts';

/** The settings of tracing. */
export type TracingConfig = {
  /** The collector of OTLP: OTEL_EXPORTER_OTLP_ENDPOINT, such as http://localhost:4318. */
  endpoint: string;
  /** OTEL_EXPORTER_OTLP_PROTOCOL: `http/json`, the default, or `grpc`. */
  protocol: 'http/json' | 'grpc';
  /** Calls a second at the edge that are recorded from the start, and as many that ask for it: OUTCRY_TRACES_PER_SECOND, default 10, 0 to 1,000. */
  tracesPerSecondMax: number;
  /** How long a call may take, in ms, before it is recorded for that: OUTCRY_TRACES_SLOW_MS, default 1,000. */
  slowMs: number;
};

/** Spans that wait to be sent; more than these are dropped. */
const queueLengthMax = 4_096;
const pageSpansMax = 512;
const exportEveryMs = 1_000;
const exportTimeoutMs = 5_000;

/** Sends spans to the collector of `config` until disposed, which sends what waits, for up to 5 s. Never waits for the collector. */
export async function startTracing(service: string, config: TracingConfig): Promise<AsyncDisposable> {
  const [{ AlwaysOnSampler, BatchSpanProcessor, NodeTracerProvider }, { resourceFromAttributes }, exporter] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/resources'),
      createExporter(config),
    ]);
  let next = { traceId: '', spanId: '' };
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize: queueLengthMax,
    maxExportBatchSize: pageSpansMax,
    scheduledDelayMillis: exportEveryMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'outcry' }),
    // What is recorded was decided before a span is made.
    sampler: new AlwaysOnSampler(),
    // The ids were given out before: they are in the headers of what was called meanwhile.
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
    spanProcessors: [processor],
  });
  // Not registered for the process: nothing but this code makes spans.
  const tracer = provider.getTracer('outcry');
  setEdgeSampler(createRateSampler(config.tracesPerSecondMax));
  const presetIds = (ids: typeof next) => {
    next = ids;
  };
  setSpanRecorder({ tracer, slowMs: config.slowMs, presetIds });
  return {
    async [Symbol.asyncDispose]() {
      setSpanRecorder(undefined);
      setEdgeSampler(undefined);
      // What cannot be sent is lost, as no process ends later for a collector.
      await provider.shutdown().catch(() => {});
    },
  };
}

async function createExporter({ endpoint, protocol }: TracingConfig) {
  if (protocol === 'grpc') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
    return new OTLPTraceExporter({ url: endpoint, timeoutMillis: exportTimeoutMs });
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: exportTimeoutMs });
}
