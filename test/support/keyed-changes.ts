/** The cases of changes of orders, for the test of keys. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { limitTerms, placeOrder } from './investor.ts';
import { altered, type KeyedCase } from './keyed-case.ts';

/** The cases, by the names of their RPCs. */
export const changeCases: Record<string, KeyedCase> = {
  'ledger.v1.LedgerInternalService/AmendHolds': {
    make: async ({ owner: { accountId }, symbol, internal }) => {
      const grid = { priceTicks: '100', tickLotMicros: '10000', lotMicros: '1000000' };
      const hold = { orderId: uuidV7(), accountId, symbol, side: 'SIDE_BUY', quantityLots: '1', ...grid };
      await internal('ledger.v1.LedgerInternalService/PlaceHolds', { items: [hold] });
      const { orderId } = hold;
      return {
        items: [{ orderId, accountId, number: 1, commandId: randomUUID(), quantityLots: '2', priceTicks: '100' }],
      };
    },
    alter: altered('quantityLots', '3'),
    // Dollars that are held.
    count: async ({ owner }, { items }) => {
      const [{ orderId } = {}] = items as JsonObject[];
      const { holds } = await owner.call('LedgerService/ListHolds', { pageSize: 200 });
      const hold = ((holds ?? []) as JsonObject[]).find((one) => one.orderId === orderId);
      return Number(hold?.amount ?? 0);
    },
    end: ({ internal }, { items }) => {
      const orderIds = (items as JsonObject[]).map(({ orderId }) => orderId as string);
      return internal('ledger.v1.LedgerInternalService/ReleaseHolds', { orderIds });
    },
  },
  'order.v1.OrderService/ReplaceOrder': {
    make: async ({ owner, symbol }) => {
      const { orderId } = await placeOrder(owner, limitTerms('BUY', symbol, '1', '90.00'));
      return { orderId, idempotencyKey: randomUUID(), quantity: '2' };
    },
    alter: altered('quantity', '3'),
    // Each change leads to a new revision.
    count: async ({ owner }, { orderId }) => {
      const { order: found } = await owner.call('OrderService/GetOrder', { orderId: orderId ?? '' });
      return Number((found as JsonObject).revision);
    },
  },
};
