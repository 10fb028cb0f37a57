import type { DescService } from '@bufbuild/protobuf';
import { type Client, Code } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { isStreamName, laterClient } from './later-client.ts';

const orders = {
  getOrder: async ({ orderId }: { orderId: string }) => ({ orderId }),
  streamOrders: async function* () {
    yield 1;
    yield 2;
  },
} as unknown as Client<typeof OrderService>;

describe('laterClient', () => {
  it('reads the client once, at the first call', async () => {
    let loads = 0;
    const client = laterClient<typeof OrderService>(async () => {
      loads += 1;
      return orders;
    });
    expect(loads).toBe(0);
    const calls = [client.getOrder({ orderId: 'a' }), client.getOrder({ orderId: 'b' })];
    expect(await Promise.all(calls)).toEqual([{ orderId: 'a' }, { orderId: 'b' }]);
    expect(await Array.fromAsync(client.streamOrders({}))).toEqual([1, 2]);
    expect(loads).toBe(1);
  });

  it('refuses a call as not sent where the client cannot be read, and reads again for the next one', async () => {
    let loads = 0;
    const client = laterClient<typeof OrderService>(async () => {
      loads += 1;
      if (loads === 1) throw new TypeError('no network');
      return orders;
    });
    await expect(client.getOrder({ orderId: 'a' })).rejects.toMatchObject({ code: Code.Unavailable });
    expect(await client.getOrder({ orderId: 'a' })).toEqual({ orderId: 'a' });
  });
});

describe('isStreamName', () => {
  it.each<DescService>([AnalyticsService, LedgerService, OrderService, PortfolioService, UserService])(
    'holds for each method of $typeName that the page calls',
    ({ methods }) => {
      const streams = methods.filter(({ methodKind }) => methodKind !== 'unary').map(({ localName }) => localName);
      // The table of a statement is read as CSV over plain HTTP.
      expect(streams.filter((name) => name !== 'exportTable')).toEqual(
        methods.map(({ localName }) => localName).filter(isStreamName),
      );
    },
  );
});
