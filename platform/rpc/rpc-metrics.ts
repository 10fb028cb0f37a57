/** What is counted of each call, under the names of OpenTelemetry's RPC conventions. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Histogram } from 'prom-client';
import { codeName } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';

/** Counts the calls of one RPC on one side. */
export type MethodMetrics = { started(): void; ended(code: number, startTimeMs: number, error?: OutcryError): void };

const labels = ['rpc_system_name', 'rpc_method'];

/**
 * Counters of one side for each RPC: `rpc_<side>_call_duration_seconds` by status, `rpc_<side>_active_requests`, and
 * `rpc_<side>_refusals_total` by reason. `startTimeMs` is of `performance.now()`.
 */
export function createRpcMetrics(metrics: Metrics, side: 'server' | 'client'): (method: DescMethod) => MethodMetrics {
  const duration = metrics.histogram({
    name: `rpc_${side}_call_duration_seconds`,
    help: `Duration of RPCs at the ${side}, streams included.`,
    labels: [...labels, 'rpc_response_status_code'],
  });
  const active = metrics.gauge({
    name: `rpc_${side}_active_requests`,
    help: `RPCs in progress at the ${side}.`,
    labels,
  });
  const refusals = metrics.counter({
    name: `rpc_${side}_refusals_total`,
    help: `RPCs that ended in an error at the ${side}, by reason.`,
    labels: [...labels, 'reason'],
  });
  const ofMethods = new Map<DescMethod, MethodMetrics>();
  const create = (method: DescMethod): MethodMetrics => {
    const names = { rpc_system_name: 'grpc', rpc_method: `${method.parent.typeName}/${method.name}` };
    const durations = new Map<number, Histogram.Internal<string>>();
    const activeOfMethod = active.labels(names);
    return {
      started: () => activeOfMethod.inc(),
      ended(code, startTimeMs, error) {
        activeOfMethod.dec();
        let ofCode = durations.get(code);
        if (ofCode === undefined) {
          ofCode = duration.labels({ ...names, rpc_response_status_code: codeName(code) });
          durations.set(code, ofCode);
        }
        ofCode.observe((performance.now() - startTimeMs) / 1_000);
        if (error !== undefined) refusals.inc({ ...names, reason: reasonName(error.reason) });
      },
    };
  };
  return (method) => {
    const known = ofMethods.get(method) ?? create(method);
    ofMethods.set(method, known);
    return known;
  };
}
