/** Where the spans of a process go. */
import type { TracingConfig } from '#platform/telemetry/start-tracing.ts';
import type { Environment } from './env.ts';
import { choice, collect, integer, text } from './env.ts';

/** The settings; undefined without an endpoint, when nothing is recorded. Throws ConfigError. */
export function readTracingConfig(env: Environment): TracingConfig | undefined {
  const endpoint = text(env, 'OTEL_EXPORTER_OTLP_ENDPOINT', '');
  if (endpoint === '') return undefined;
  return collect<TracingConfig>({
    endpoint: () => endpoint,
    protocol: () => choice(env, 'OTEL_EXPORTER_OTLP_PROTOCOL', ['http/json', 'grpc'], 'http/json'),
    tracesPerSecondMax: () => integer(env, 'OUTCRY_TRACES_PER_SECOND', { default: 10, min: 0, max: 1_000 }),
    slowMs: () => integer(env, 'OUTCRY_TRACES_SLOW_MS', { default: 1_000, min: 1, max: 600_000 }),
  });
}
