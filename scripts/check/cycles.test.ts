import { describe, expect, it } from 'vitest';
import { findCycles, roomOf } from './cycles.ts';

/** Files by path, each with the paths that it imports. */
function tree(imports: Record<string, string[]>) {
  return Object.entries(imports).map(([path, targets]) => ({
    path,
    text: targets
      .map((target) => `import { a } from '${'../'.repeat(path.split('/').length - 1)}${target}';\n`)
      .join(''),
  }));
}

describe('findCycles', () => {
  it('finds a circle of files, also of type imports, and names a shortest one', () => {
    const files = tree({
      'platform/a/one.ts': ['platform/a/two.ts'],
      'platform/a/two.ts': ['platform/a/three.ts', 'platform/a/one.ts'],
      'platform/a/three.ts': ['platform/a/one.ts'],
      'platform/a/four.ts': ['platform/a/one.ts'],
    });
    const circle = 'platform/a/one.ts -> platform/a/two.ts -> platform/a/one.ts';
    expect(findCycles(files)).toEqual([`files import each other in a circle: ${circle}`]);
  });

  it('finds a circle of rooms whose files make none', () => {
    const files = tree({
      'services/order/feed/one.ts': ['services/order/saga/one.ts'],
      'services/order/saga/one.ts': [],
      'services/order/saga/two.ts': ['services/order/feed/two.ts'],
      'services/order/feed/two.ts': [],
    });
    const circle = 'services/order/feed -> services/order/saga -> services/order/feed';
    expect(findCycles(files)).toEqual([`folders import each other in a circle: ${circle}`]);
  });

  it('takes tests out of the folders, and finds nothing in a tree without circles', () => {
    const files = tree({
      'platform/a/one.ts': ['platform/b/one.ts'],
      'platform/b/one.ts': [],
      'platform/b/one.test.ts': ['platform/a/one.ts'],
      'platform/b/testing/fake.ts': ['platform/a/one.ts'],
      'services/order/server.ts': ['services/order/rpc/bindings.ts'],
      'services/order/rpc/bindings.ts': ['services/order/deps.ts', 'services/order/rpc/messages/order.ts'],
      'services/order/deps.ts': ['services/order/store/read.ts'],
      'services/order/store/read.ts': [],
      'services/order/saga/place.ts': ['services/order/deps.ts', 'services/order/store/read.ts'],
      'services/order/rpc/messages/order.ts': [],
    });
    expect(findCycles(files)).toEqual([]);
  });
});

describe('roomOf', () => {
  it('tells rooms of services, folders of platform and files in roots apart', () => {
    expect(
      [
        'services/order/rpc/place-order.ts',
        'services/order/rpc/messages/order.ts',
        'services/order/rpc/streams/order.ts',
        'services/order/server.ts',
        'platform/rpc/testing/echo.ts',
        'supervisor/index.ts',
      ].map(roomOf),
    ).toEqual([
      'services/order/rpc',
      'services/order/rpc/messages',
      'services/order/rpc',
      'services/order/server.ts',
      'platform/rpc',
      'supervisor/index.ts',
    ]);
  });
});
