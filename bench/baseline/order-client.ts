/** Sends the commands of the mix through the gateway: Connect with protobuf over HTTP/1.1, as a browser would. */
import { fromBinary } from '@bufbuild/protobuf';

import { OrderStatus, PlaceOrderListResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import type { HttpAnswer } from '../load/http-answer.ts';
import type { HttpPool } from '../load/http-pool.ts';
import type { Random } from '../load/random.ts';
import { type LoadLog, noteNotDone } from './load-log.ts';
import type { Trader } from './market-place.ts';
import type { Command, OrderMix } from './order-mix.ts';
import { readPlacedOrder } from './placed-order.ts';

/** Sends commands and records their outcomes. */
export type OrderClient = {
  /** Never rejects. Latency counts from `startTimeMs` of `performance.now()`. */
  perform(command: Command, startTimeMs: number, log: LoadLog): Promise<void>;
};

type Place = Command & { kind: 'place' };
type List = Command & { kind: 'list' };

// Why an order that is meant to be refused is: its account has not the cash.
const refusalOfMix = 'CASH_INSUFFICIENT';
// Resting orders remembered for each trader; in a full list a new one replaces another at random.
const knownMax = 2_000;

/** A client for all traders. A cancel of a trader without a known resting order becomes an order that rests, from `mix`. */
export function createOrderClient(options: {
  pool: HttpPool;
  authority: string;
  traders: readonly Trader[];
  mix: OrderMix;
  random: Random;
  /** Ids of resting orders of each trader, which are kept from one client to the next; default none. */
  resting?: string[][];
}): OrderClient {
  const { pool, mix, random } = options;
  const heads = options.traders.map((trader) => ({
    place: requestHead('PlaceOrder', options.authority, trader),
    list: requestHead('PlaceOrderList', options.authority, trader),
    cancel: requestHead('CancelOrder', options.authority, trader),
  }));
  const resting = options.resting ?? options.traders.map((): string[] => []);

  const place = async ({ trader, body, crosses, isRefused }: Place, startTimeMs: number, log: LoadLog) => {
    const answer = await pool.send(request(heads[trader]?.place ?? '', body));
    const latencyMs = performance.now() - startTimeMs;
    if (answer.status !== 200) {
      const reason = reasonOf(answer);
      if (isRefused && reason === refusalOfMix) log.refused.latencyMs.push(latencyMs);
      else noteNotDone(log, reason, latencyMs);
      return;
    }
    const order = readPlacedOrder(answer.body);
    if (order.status === OrderStatus.REJECTED || isRefused)
      return noteNotDone(log, `status ${order.status}`, latencyMs);
    log.placeOrder.latencyMs.push(latencyMs);
    if (crosses) {
      log.placeOrder.crossing += 1;
      if (order.isFilledPartly) log.placeOrder.filledInAnswer += 1;
    } else if (order.status === OrderStatus.OPEN) remember(resting[trader] ?? [], order.orderId, random);
  };
  const placeList = async ({ trader, body }: List, startTimeMs: number, log: LoadLog) => {
    const answer = await pool.send(request(heads[trader]?.list ?? '', body));
    const latencyMs = performance.now() - startTimeMs;
    if (answer.status !== 200) return noteNotDone(log, reasonOf(answer), latencyMs);
    const { orders } = fromBinary(PlaceOrderListResponseSchema, answer.body);
    const rejected = orders.find(({ status }) => status === OrderStatus.REJECTED);
    if (rejected) noteNotDone(log, 'a list was rejected', latencyMs);
    else log.placeOrder.latencyMs.push(latencyMs);
  };
  const cancel = async (trader: number, orderId: string, startTimeMs: number, log: LoadLog) => {
    const answer = await pool.send(request(heads[trader]?.cancel ?? '', cancelBody(orderId)));
    const latencyMs = performance.now() - startTimeMs;
    if (answer.status === 200) log.cancelOrder.latencyMs.push(latencyMs);
    else if (reasonOf(answer) === 'ORDER_ALREADY_FINAL') log.cancelOrder.ended += 1;
    else noteNotDone(log, reasonOf(answer), latencyMs);
  };
  return {
    async perform(command, startTimeMs, log) {
      try {
        if (command.kind === 'place') return await place(command, startTimeMs, log);
        if (command.kind === 'list') return await placeList(command, startTimeMs, log);
        const orderId = takeOne(resting[command.trader] ?? [], random);
        if (orderId === undefined) return await place(mix.nextResting(command.trader), startTimeMs, log);
        await cancel(command.trader, orderId, startTimeMs, log);
      } catch (error) {
        noteNotDone(log, error instanceof Error ? error.message : String(error), performance.now() - startTimeMs);
      }
    },
  };
}

function requestHead(method: string, authority: string, { token }: Trader): string {
  return [
    `POST /outcry.order.v1.OrderService/${method} HTTP/1.1`,
    `host: ${authority}`,
    `authorization: Bearer ${token}`,
    'content-type: application/proto',
    'connect-protocol-version: 1',
    'content-length: ',
  ].join('\r\n');
}

function request(head: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}${body.length}\r\n\r\n`, 'latin1'), body]);
}

// CancelOrderRequest.order_id is field 1, a text of less than 128 bytes.
function cancelBody(orderId: string): Buffer {
  return Buffer.concat([Buffer.from([0x0a, orderId.length]), Buffer.from(orderId)]);
}

function reasonOf({ status, body }: HttpAnswer): string {
  try {
    const { code, details = [] } = JSON.parse(body.toString('utf8')) as {
      code?: string;
      details?: { debug?: { reason?: string } }[];
    };
    return details.find(({ debug }) => debug?.reason)?.debug?.reason ?? code ?? `HTTP ${status}`;
  } catch {
    return `HTTP ${status}`;
  }
}

function remember(known: string[], orderId: string, random: Random): void {
  if (known.length < knownMax) known.push(orderId);
  else known[random.below(knownMax)] = orderId;
}

function takeOne(known: string[], random: Random): string | undefined {
  if (known.length === 0) return undefined;
  const index = random.below(known.length);
  const orderId = known[index];
  known[index] = known.at(-1) as string;
  known.pop();
  return orderId;
}
