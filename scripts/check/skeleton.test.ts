import { describe, expect, it } from 'vitest';
import { findSkeletonProblems } from './skeleton.ts';

const importing = (path: string, ...specifiers: string[]) => ({
  path,
  text: specifiers.map((specifier) => `import { a } from '${specifier}';`).join('\n'),
});

describe('findSkeletonProblems', () => {
  it.each([
    ['services/order/callees/market.ts', "the mould knows no room 'callees' in order"],
    ['services/market/saga/place.ts', "the mould knows no room 'saga' in market"],
    ['services/order/order-deps.ts', 'the mould knows no file of this name in the root of a service'],
  ])('refuses the file %s', (path, why) => {
    expect(findSkeletonProblems([importing(path)])).toEqual([`${path}: ${why}`]);
  });

  it.each([
    ['services/order/domain/price.ts', '../store/read.ts', "'domain' stands below 'store'"],
    ['services/order/store/read.ts', '../feed/consume.ts', "'store' stands below 'feed'"],
    ['services/order/rpc/messages/order.ts', '../place-order.ts', "'rpc/messages' stands below 'rpc'"],
    ['services/order/feed/consume.ts', '../rpc/place-order.ts', "'feed' stands below 'rpc'"],
    ['services/exchange/engine/match.ts', '../journal/codec.ts', "'engine' stands below 'journal'"],
    ['services/order/rpc/place-order.ts', '../server.ts', 'a room imports no composition'],
    ['services/order/rpc/place-order.ts', '../index.ts', 'a room imports no composition'],
    ['services/order/rpc/place-order.ts', '../testing/fake.ts', "only tests import 'testing'"],
    ['services/exchange/tools/ladder/main.ts', '../../testing/load.ts', "only tests import 'testing'"],
    [
      'services/exchange/verification/random/run.ts',
      '../../tools/replay/main.ts',
      "'verification' stands below 'tools'",
    ],
  ])('refuses that %s imports %s', (path, specifier, why) => {
    const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
    expect(findSkeletonProblems([importing(path, specifier)])).toEqual([`${path} imports ${target}: ${why}`]);
  });

  it('refuses an RPC without a file of its name, and a file beside the handlers', () => {
    const proto = {
      path: 'proto/outcry/order/v1/order.proto',
      text: 'service A {\n  rpc PlaceOrder(B) returns (C);\n}',
    };
    const files = [proto, importing('services/order/rpc/bindings.ts')];
    expect(findSkeletonProblems(files)).toEqual([
      `services/order/rpc/place-order.ts is missing: an RPC of ${proto.path}`,
    ]);
    const whole = [...files, importing('services/order/rpc/place-order.ts')];
    expect(findSkeletonProblems(whole)).toEqual([]);
    const other = 'services/order/rpc/helpers.ts';
    expect(findSkeletonProblems([...whole, importing(other)])).toEqual([
      `${other} is named like no RPC; what handlers share stands in rpc/messages or a room below`,
    ]);
  });

  it('accepts a service in the mould', () => {
    const files = [
      importing('services/order/main.ts', './needs.ts', './config.ts', './server.ts'),
      importing('services/order/server.ts', './rpc/bindings.ts', './saga/place.ts', './deps.ts'),
      importing('services/order/index.ts', './saga/place.ts'),
      importing('services/order/rpc/place-order.ts', '../saga/place.ts', './messages/order.ts', '../deps.ts'),
      importing('services/order/saga/place.ts', '../store/read.ts', '../clients/ledger.ts', '../domain/order.ts'),
      importing('services/order/feed/consume.ts', '../saga/place.ts', '#platform/feed/consume-feed.ts'),
      importing('services/order/store/read.test.ts', '../testing/fake.ts', '../server.ts'),
      importing('services/order/testing/fake.ts', '../server.ts'),
      importing('services/exchange/index.ts', './engine/engine.ts', './replication/recover.ts'),
      importing('services/exchange/tools/replay/replayer.ts', '../../verification/reference/engine.ts'),
      importing('services/exchange/verification/kill-loop/kill-loop.ts', '../../testing/load.ts'),
    ];
    expect(findSkeletonProblems(files)).toEqual([]);
  });
});
