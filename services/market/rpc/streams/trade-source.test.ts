import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { StreamTradesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import { books, follow, traded } from '../../testing/events.ts';
import { drain, ignore, trades, viewOf } from '../../testing/sources.ts';
import { tradeSource } from './trade-source.ts';

describe('tradeSource', () => {
  it('gives every trade in order to a fast reader', () => {
    const view = viewOf('A', 'B');
    const source = tradeSource(view, ['A', 'B'])(ignore);
    view.apply(0, trades(1, 20));
    const sequences = drain(source).map(({ bytes }) => fromBinary(StreamTradesResponseSchema, bytes).sequence);
    expect(sequences).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)));
  });

  it('gives a slow reader the number that it missed, then the newest trades', () => {
    const view = viewOf('A', 'B');
    const source = tradeSource(view, ['A', 'B'], { queueMax: 10 })(ignore);
    view.apply(0, trades(1, 1_000));
    const [gap, ...rest] = drain(source).map(({ bytes }) => fromBinary(StreamTradesResponseSchema, bytes));
    expect(gap?.message).toMatchObject({ case: 'gap', value: { missedCount: 990n } });
    expect(rest.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, i) => BigInt(991 + i)));
  });

  it('goes on after a position: with each trade since, once, then a heartbeat, then what is new', () => {
    const view = viewOf('A', 'B');
    view.apply(0, trades(1, 20));
    const missed = [
      { symbol: 'A', isLost: false, stored: [], throughSequence: 16n },
      { symbol: 'B', isLost: false, stored: [], throughSequence: 25n },
    ];
    const heartbeat = () => new EncodedMessage(new Uint8Array());
    const source = tradeSource(view, ['A', 'B'], { missed, heartbeat })(ignore);
    expect(source.positions?.()).toMatchObject([{ sequence: 16n }, { sequence: 25n }]);
    view.apply(0, trades(21, 8));
    const sequences = drain(source).map(({ bytes }) => fromBinary(StreamTradesResponseSchema, bytes).sequence);
    // A trades at even sequences; B is of a replica that was ahead of this one.
    expect(sequences).toEqual([18n, 20n, 0n, 22n, 24n, 26n, 27n, 28n]);
    expect(source.positions?.()).toMatchObject([{ sequence: 28n }, { sequence: 27n }]);
  });

  it('says of a slow reader how far it has come, not how far the view has', () => {
    const view = viewOf('A');
    const source = tradeSource(view, ['A'])(ignore);
    view.apply(0, follow(1, [traded('A', 100, 1), traded('A', 101, 1)]));
    expect(source.positions?.()).toMatchObject([{ epoch: 'epoch-1', sequence: 0n }]);
    source.take();
    expect(source.positions?.()).toMatchObject([{ sequence: 1n }]);
    view.rebuild(0, books(2, ['A'], 'epoch-2'));
    expect(source.positions?.()).toMatchObject([{ epoch: '' }]);
  });

  it('gives a gap of an unknown number when the view was rebuilt', () => {
    const view = viewOf('A');
    const source = tradeSource(view, ['A'])(ignore);
    view.rebuild(0, books(0, ['A'], 'epoch-2'));
    const [gap] = drain(source).map(({ bytes }) => fromBinary(StreamTradesResponseSchema, bytes));
    expect(gap).toMatchObject({ epoch: 'epoch-2', message: { case: 'gap', value: { missedCount: 0n } } });
  });
});
