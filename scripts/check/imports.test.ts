import { describe, expect, it } from 'vitest';
import { findImports } from './imports.ts';

function targets(text: string): (string | undefined)[] {
  return findImports({ path: 'services/order/store/read.ts', text }).map(
    ({ target, specifier }) => target ?? specifier,
  );
}

describe('findImports', () => {
  it.each([
    ["import { a } from './b.ts';", 'services/order/store/b.ts'],
    ["import type { a } from '../domain/b.ts';", 'services/order/domain/b.ts'],
    ["import {\n  a,\n  type b,\n} from '#platform/money/decimal.ts';", 'platform/money/decimal.ts'],
    ["export { a } from '#gen/outcry/x_pb.ts';", 'gen/outcry/x_pb.ts'],
    ["import 'pg';", 'pg'],
    ["const { a } = await import('../../ledger/main.ts');", 'services/ledger/main.ts'],
  ])('finds %j', (text, target) => {
    expect(targets(text)).toEqual([target]);
  });

  it('takes no other text for an import', () => {
    expect(targets("export type Kind = 'a' | 'b';\nexport const from = 'x';\nconst text = `import 'y'`;")).toEqual([]);
  });
});
