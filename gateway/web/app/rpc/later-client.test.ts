import type { DescService } from '@bufbuild/protobuf';
import { Code, createClient, createRouterTransport } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { isStreamName, laterClient } from './later-client.ts';

const transport = createRouterTransport(({ service }) =>
  service(OrderService, {
    getOrder: ({ orderId }) => ({ order: { orderId } }),
    streamOrders: async function* () {
      yield { resumeToken: '1' };
      yield { resumeToken: '2' };
    },
  }),
);
const orders = createClient(OrderService, transport);

describe('laterClient', () => {
  it('reads the client once, at the first call', async () => {
    let loads = 0;
    const client = laterClient<typeof OrderService>(async () => {
      loads += 1;
      return orders;
    });
    expect(loads).toBe(0);
    const calls = [client.getOrder({ orderId: 'a' }), client.getOrder({ orderId: 'b' })];
    expect((await Promise.all(calls)).map(({ order }) => order?.orderId)).toEqual(['a', 'b']);
    const messages = await Array.fromAsync(client.streamOrders({}));
    expect(messages.map(({ resumeToken }) => resumeToken)).toEqual(['1', '2']);
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
    expect((await client.getOrder({ orderId: 'a' })).order?.orderId).toBe('a');
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
