import { describe, expect, it } from 'vitest';
import { countLines } from './count.ts';

describe('countLines', () => {
  it('counts code of production by part, without comments, blank lines and imports', () => {
    const text = [
      "import { a } from './a.ts';",
      'import {',
      '  b,',
      "} from './b.ts';",
      '',
      '/** Adds. */',
      '// Really.',
      'export const c = a + b;',
      '',
    ].join('\n');
    const files = [
      { path: 'services/order/server.ts', text },
      { path: 'services/order/server.test.ts', text },
      { path: 'services/exchange/verification/pair.ts', text },
      { path: 'scripts/start/start.ts', text: 'run();\nstop();' },
      { path: 'bench/main.ts', text },
    ];
    expect(countLines(files)).toEqual([
      { part: 'services/order', lines: 1 },
      { part: 'supervisor', lines: 2 },
      { part: 'all', lines: 3 },
    ]);
  });
});
