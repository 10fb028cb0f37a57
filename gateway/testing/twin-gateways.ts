/** Two gateways before the same services, one with the lean handler and one without it, and requests that both are sent. */
import { create, toBinary } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderService, PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import {
  alreadyExists,
  invalidArgument,
  OutcryError,
  refused,
  resourceExhausted,
} from '#platform/errors/outcry-error.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import type { GatewayConfig } from '../config.ts';
import { pathTo } from './call-by-hand.ts';
import { exchange, type HandAnswer, type HandRequest } from './open-stream.ts';
import { openTestGateway } from './start-test-gateway.ts';
import { startTestUpstream, type TestUpstream } from './start-test-upstream.ts';

const order = { orderId: 'o', symbol: 'ACME', quantity: '5', version: 3n, createTime: { seconds: 1_800_000_000n } };
const longText = 'x'.repeat(3_000);

/** What the services answer at once, by the key or the id of the order. */
const outcomes: Record<string, () => unknown> = {
  ok: () => ({ order }),
  long: () => ({ order: { ...order, symbol: longText } }),
  empty: () => ({}),
  refused: () => refuse(refused(ErrorReason.CASH_INSUFFICIENT, 'zu wenig Geld: 1 €', { needed: '10.00', symbol: 'A' })),
  invalid: () => refuse(invalidArgument('terms.limit_price', 'off tick', ErrorReason.PRICE_NOT_ON_TICK, { tick: '1' })),
  exists: () => refuse(alreadyExists(ErrorReason.KEY_REUSED, 'used before')),
  limited: () => refuse(resourceExhausted(ErrorReason.ORDER_RATE_OVER_LIMIT, 'slower', { retryDelayMs: 1_500 })),
  longRefusal: () => refuse(refused(ErrorReason.CASH_INSUFFICIENT, longText)),
  fault: () => refuse(new Error('something internal')),
};
/** The keys of them. */
export const outcomeKeys = Object.keys(outcomes);

const dependency = ErrorReason.DEPENDENCY_UNAVAILABLE;
const lateOutcomes: Record<string, () => unknown> = {
  // It is to be asked again after the deadlines of all, so the gateway does not try.
  unavailable: () => refuse(new OutcryError(Code.UNAVAILABLE, dependency, 'away', { retryDelayMs: 60_000 })),
  never: () => new Promise(() => {}),
};

function refuse(error: Error): never {
  throw error;
}

/** The gateways; `exchange` sends a request to the lean one and then to the other. */
export type TwinGateways = AsyncDisposable & {
  upstream: TestUpstream;
  token: string;
  exchange(request: HandRequest): Promise<[lean: HandAnswer, plain: HandAnswer]>;
};

/** Starts services and gateways. By default no rate comes back while a test runs, so that both count the same. */
export async function startTwinGateways(
  config: Partial<GatewayConfig> = {},
  addresses: Record<string, string> = {},
): Promise<TwinGateways> {
  const all = { ...outcomes, ...lateOutcomes };
  const answer = async ({ clientOrderId = 'ok', orderId = 'ok' }) => (all[clientOrderId] ?? all[orderId])?.();
  const upstream = await startTestUpstream({ placeOrder: answer, cancelOrder: answer, getOrder: answer });
  const settings = { callsPerSecondMax: 0.001, callsBurstMax: 100_000, ...config };
  const lean = await openTestGateway(upstream.address, settings, { addresses });
  const plain = await openTestGateway(upstream.address, settings, { addresses, isLean: false });
  return {
    upstream,
    token: await upstream.identity.userToken(),
    exchange: async (request) => [await exchange(lean.port, request), await exchange(plain.port, request)],
    async [Symbol.asyncDispose]() {
      for (const resource of [plain, lean, upstream]) await resource[Symbol.asyncDispose]();
    },
  };
}

const wires = ['json', 'proto', 'grpc-web', 'grpc'] as const;
const contentTypes = {
  json: 'application/json',
  proto: 'application/proto',
  'grpc-web': 'application/grpc-web+proto',
  grpc: 'application/grpc',
};

/** A protocol over an HTTP version. */
export type Way = { wire: (typeof wires)[number]; httpVersion: 1 | 2 };
/** Each protocol over each HTTP version. */
export const ways: Way[] = wires.flatMap((wire) => ([1, 2] as const).map((httpVersion) => ({ wire, httpVersion })));

/** How a request differs from the usual one; a header of '' is left out. */
export type Variant = Omit<Partial<HandRequest>, 'headers'> & { key?: string; headers?: Record<string, string> };

/** The body of PlaceOrder under the key. */
export function bodyOf(wire: Way['wire'], key: string): Buffer {
  if (wire === 'json') return Buffer.from(JSON.stringify({ clientOrderId: key, terms: { symbol: 'ACME' } }));
  const message = create(PlaceOrderRequestSchema, { clientOrderId: key, terms: { symbol: 'ACME' } });
  const bytes = Buffer.from(toBinary(PlaceOrderRequestSchema, message));
  return wire === 'proto' ? bytes : grpcFrame(bytes);
}

/** A PlaceOrder with the token. */
export function requestOf(way: Way, token: string, { key = 'ok', headers = {}, ...rest }: Variant): HandRequest {
  const authorization = `Bearer ${token}`;
  const common = { 'content-type': contentTypes[way.wire], authorization, 'x-request-id': 'r-1' };
  const all = Object.entries({ ...common, ...headers }).filter(([, value]) => value !== '');
  const path = pathTo(OrderService.method.placeOrder);
  return { httpVersion: way.httpVersion, path, body: bodyOf(way.wire, key), ...rest, headers: Object.fromEntries(all) };
}
