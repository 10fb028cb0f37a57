import { describe, expect, it } from 'vitest';
import { startTrace } from '#platform/telemetry/trace-context.ts';
import { createMailTraces } from './mail-traces.ts';

describe('createMailTraces', () => {
  it('gives the traces of an account once, of those that are recorded', () => {
    const traces = createMailTraces();
    const [one, two] = [startTrace(), startTrace()];
    for (const trace of [one, { ...startTrace(), isSampled: false }, two]) traces.add('a', trace);
    traces.add('b', startTrace());
    expect(traces.take('a')).toEqual([one, two]);
    expect(traces.take('a')).toEqual([]);
  });

  it('has a bound for an account and for all', () => {
    const traces = createMailTraces();
    for (let index = 0; index < 50; index += 1) traces.add('a', startTrace());
    for (let index = 0; index < 1_000; index += 1) traces.add(`b${index}`, startTrace());
    expect(traces.take('b999')).toHaveLength(1);
    expect(traces.take('a')).toEqual([]);
    traces.add('c', startTrace());
    for (let index = 0; index < 50; index += 1) traces.add('c', startTrace());
    expect(traces.take('c')).toHaveLength(16);
  });
});
