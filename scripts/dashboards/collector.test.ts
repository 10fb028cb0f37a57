import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { observabilityDirectory } from './files.ts';

/** A policy of the collector's processor tail_sampling, as far as ours go. */
type Policy = {
  name: string;
  type: string;
  status_code?: { status_codes: string[] };
  latency?: { threshold_ms: number };
  string_attribute?: { key: string; values: string[] };
  probabilistic?: { sampling_percentage: number };
  and?: { and_sub_policy: Policy[] };
};
type Span = { startMs: number; endMs: number; status?: 'ERROR'; attributes?: Record<string, string> };
type Parts = Record<string, object>;
type Config = Record<'receivers' | 'processors' | 'exporters', Parts> & {
  service: { pipelines: { traces: Record<'receivers' | 'processors' | 'exporters', string[]> } };
};

const config = parse(readFileSync(join(observabilityDirectory, 'collector.yaml'), 'utf8')) as Config;
const { policies } = config.processors.tail_sampling as { policies: Policy[] };

/** What a policy decides for a trace, by the documentation of the processor; `luck` of 0 to 100 stands for the hash of the trace's id. */
function picks(policy: Policy, trace: readonly Span[], luck: number): boolean {
  switch (policy.type) {
    case 'status_code':
      return trace.some(({ status = 'UNSET' }) => policy.status_code?.status_codes.includes(status));
    case 'latency': {
      const lengthMs = Math.max(...trace.map(({ endMs }) => endMs)) - Math.min(...trace.map(({ startMs }) => startMs));
      return lengthMs > (policy.latency?.threshold_ms ?? Number.POSITIVE_INFINITY);
    }
    case 'string_attribute': {
      const { key = '', values = [] } = policy.string_attribute ?? {};
      return trace.some(({ attributes = {} }) => values.includes(attributes[key] ?? ''));
    }
    case 'probabilistic':
      return luck < (policy.probabilistic?.sampling_percentage ?? 0);
    case 'and':
      return policy.and?.and_sub_policy.every((part) => picks(part, trace, luck)) ?? false;
    default:
      throw new Error(`the test has no rule for policies of type ${policy.type}`);
  }
}
const isPassedOn = (trace: readonly Span[], luck: number) => policies.some((policy) => picks(policy, trace, luck));

describe("the collector's configuration", () => {
  const order = { attributes: { 'rpc.method': 'outcry.order.v1.OrderService/PlaceOrder' } };
  const quick = { startMs: 0, endMs: 20 };

  it('passes on every trace with a fault or over half a second, whatever its id', () => {
    for (const luck of [0, 50, 99.99]) {
      expect(isPassedOn([quick, { ...quick, status: 'ERROR' }], luck)).toBe(true);
      expect(isPassedOn([quick, { startMs: 10, endMs: 600 }], luck)).toBe(true);
    }
  });

  it('passes on half of the other orders and a twentieth of the rest', () => {
    const share = (span: Span) =>
      Array.from({ length: 100 }, (_, luck) => isPassedOn([span], luck)).filter(Boolean).length;
    expect(share({ ...quick, ...order })).toBe(50);
    expect(share(quick)).toBe(5);
  });

  it('names in its pipeline the parts that it has, with the rule before what makes batches', () => {
    const { traces } = config.service.pipelines;
    for (const kind of ['receivers', 'processors', 'exporters'] as const)
      expect([...traces[kind]].sort()).toEqual(Object.keys(config[kind]).sort());
    expect(traces.processors.indexOf('tail_sampling')).toBeLessThan(traces.processors.indexOf('batch'));
  });
});
