import { describe, expect, it } from 'vitest';
import { findDeadPaths } from './doc-paths.ts';

const paths = [
  'services/order/README.md',
  'services/order/saga/place.ts',
  'platform/rpc/server.ts',
  'README.md',
  'docs/adr/0001-x.md',
];

function deadPaths(path: string, text: string): string[] {
  return findDeadPaths([{ path, text }], paths);
}

describe('findDeadPaths', () => {
  it('finds paths in code and links that do not exist', () => {
    expect(
      deadPaths('README.md', 'First\n`platform/rpc/gone.ts` and [this](docs/adr/0009.md), `services/gone`'),
    ).toEqual([
      'README.md:2 names docs/adr/0009.md, which does not exist',
      'README.md:2 names platform/rpc/gone.ts, which does not exist',
      'README.md:2 names services/gone, which does not exist',
    ]);
    expect(deadPaths('services/order/README.md', '`domain/fee.ts`')).toHaveLength(1);
  });

  it.each([
    '`platform/rpc/server.ts`, `platform/rpc`, `platform/`, [adr](docs/adr/0001-x.md#why), [out](https://example.com/x.md)',
    '`services/*/saga/*.ts`, `services/<name>/README.md`, `docs/adr/{0001-x,none}.md`',
    'the type `application/grpc`, the ratio `1/2`, `npm run bench -- x/y.ts`',
    '```sh\ncat services/gone.ts\n```',
  ])('accepts %s', (text) => {
    expect(deadPaths('README.md', text)).toEqual([]);
  });

  it('looks beside the document too', () => {
    expect(deadPaths('services/order/README.md', '`saga/place.ts` [up](../../README.md) `../order/saga`')).toEqual([]);
  });
});
