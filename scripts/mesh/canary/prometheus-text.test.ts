import { describe, expect, it } from 'vitest';
import { parseSamples } from './prometheus-text.ts';

describe('parseSamples', () => {
  it('reads names, labels and values, and passes over all else', () => {
    const text = `# HELP a text
# TYPE a counter
a{x="1",y="with \\" and , and }"} 3
b 0.5
c{} NaN

d{le="+Inf"} 12 1700000000000
no number here`;
    expect(parseSamples(text)).toEqual([
      { name: 'a', labels: { x: '1', y: 'with \\" and , and }' }, value: 3 },
      { name: 'b', labels: {}, value: 0.5 },
      { name: 'd', labels: { le: '+Inf' }, value: 12 },
    ]);
  });
});
