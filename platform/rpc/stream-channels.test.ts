import type { ChannelInterface } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { shareChannel } from './channel-pool.ts';
import { createRpcClient } from './client.ts';
import { createStreamChannels } from './stream-channels.ts';
import { EchoService } from './testing/echo-contract.ts';
import { startEcho } from './testing/echo-server.ts';

describe('createStreamChannels', () => {
  it('fills a channel before it opens the next, and closes those that are empty but for the last', () => {
    const open = new Set<object>();
    const channels = createStreamChannels(
      () => {
        const channel = { close: () => open.delete(channel) };
        open.add(channel);
        return channel as unknown as ChannelInterface;
      },
      { perChannelMax: 2, channelsMax: 3 },
    );
    const places = Array.from({ length: 7 }, () => channels.take());
    expect(open.size).toBe(3);
    const streams = [...Map.groupBy(places, ({ channel }) => channel).values()].map(({ length }) => length);
    expect(streams.toSorted()).toEqual([2, 2, 3]);
    for (const place of places) {
      place.release();
      place.release();
    }
    expect(open.size).toBe(1);
    channels.close();
    expect(open.size).toBe(0);
  });
});

describe('a client of createRpcClient', () => {
  it('has more streams open than one connection carries, and its unary calls wait for none of them', async () => {
    const release = Promise.withResolvers<void>();
    await using echo = await startEcho(
      {
        read: async ({ value }) => ({ value }),
        async *count() {
          yield { value: 'open' };
          await release.promise;
        },
      },
      { limits: { concurrentStreamsMax: 4 } },
    );
    // Another spelling than the fixture's own client has, whose channels are not these.
    const address = `127.0.0.1:${echo.server.port}`;
    const share = shareChannel(address, { perChannelMax: 3 });
    await using client = createRpcClient(EchoService, { address, serviceToken: undefined });
    const open = () => client.count({ value: '' }, echo.asUser)[Symbol.asyncIterator]();
    const streams = Array.from({ length: 14 }, open);
    const first = await Promise.all(streams.map((stream) => stream.next()));
    expect(first.map(({ value }) => value?.value)).toEqual(Array.from({ length: 14 }, () => 'open'));
    expect(await client.read({ value: 'now' }, { ...echo.asUser, timeoutMs: 5_000 })).toMatchObject({
      value: 'now',
    });
    release.resolve();
    const ends = await Promise.all(streams.map((stream) => stream.next()));
    expect(ends.every(({ done }) => done)).toBe(true);
    share.release();
  });
});
