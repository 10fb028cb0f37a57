import { describe, expect, it } from 'vitest';
import { ConfigError } from './env.ts';
import { readTracingConfig } from './tracing.ts';

const endpoint = 'http://collector:4318';

describe('readTracingConfig', () => {
  it('is nothing without an endpoint', () => {
    expect(readTracingConfig({})).toBeUndefined();
    expect(readTracingConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: '', OUTCRY_TRACES_PER_SECOND: 'x' })).toBeUndefined();
  });

  it('has defaults, and refuses what it cannot do', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    expect(readTracingConfig(env)).toEqual({
      ...{ endpoint, protocol: 'http/json', tracesPerSecondMax: 10, slowMs: 1_000 },
    });
    for (const wrong of [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
      { OUTCRY_TRACES_PER_SECOND: '1001' },
      { OUTCRY_TRACES_SLOW_MS: '0' },
    ]) {
      expect(() => readTracingConfig({ ...env, ...wrong })).toThrow(ConfigError);
    }
  });
});
