import { describe, expect, it } from 'vitest';
import { createJsonReport, createTableReport } from './report.ts';

function collect() {
  const lines: string[] = [];
  const progress: string[] = [];
  const output = { out: (line: string) => lines.push(line), err: (line: string) => progress.push(line) };
  return { lines, progress, output };
}

describe('createJsonReport', () => {
  it('writes one object a line, and progress to the other stream', () => {
    const { lines, progress, output } = collect();
    const report = createJsonReport('sample', output);
    report.progress('working');
    report.figure({ metric: 'ready', value: 4.256, unit: 's', against: { what: 'target', value: 10 } });
    report.figure({ metric: 'node', value: 'v24', unit: '' });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { bench: 'sample', metric: 'ready', value: 4.26, unit: 's', against: { what: 'target', value: 10 } },
      { bench: 'sample', metric: 'node', value: 'v24', unit: '' },
    ]);
    expect(progress).toEqual(['working']);
  });

  it('writes a table as one object a cell', () => {
    const { lines, output } = collect();
    const columns = [{ name: 'commits', unit: 'an order' }];
    createJsonReport('sample', output).table({
      metric: 'lone.budget',
      columns,
      rows: [{ name: 'order', values: [3] }],
    });
    const cell = { bench: 'sample', metric: 'lone.budget.order.commits', value: 3, unit: 'an order' };
    expect(lines.map((line) => JSON.parse(line))).toEqual([cell]);
  });

  it('does not round whole numbers', () => {
    const { lines, output } = collect();
    createJsonReport('sample', output).figure({ metric: 'orders', value: 1_234_567, unit: 'orders' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ value: 1_234_567 });
  });
});

describe('createTableReport', () => {
  it('writes a heading where the phase changes, and the ratio to what a figure is compared with', () => {
    const { lines, output } = collect();
    const report = createTableReport('sample', output);
    report.figure({ metric: 'cores', value: 2, unit: 'cores' });
    report.figure({ metric: 'fast.p50', value: 5, unit: 'ms', against: { what: 'target', value: 10 } });
    report.figure({ metric: 'fast.p99', value: 12.345, unit: 'ms' });
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'sample',
      ' cores 2 cores',
      '\nfast',
      ' p50 5 ms (target 10: 0.50x)',
      ' p99 12.3 ms',
    ]);
  });
});
