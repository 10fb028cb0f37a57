// Commands of the fixed mix: 40 % cross the spread, 10 % are cancels, 5 % are refused, the others rest. `scene` is the JSON that
// load/main.ts writes: the address, traders with their tokens and symbols, and the protocol.
import { check } from 'k6';
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import grpc from 'k6/net/grpc';

const midCents = 10_000;
const restingTicks = 50;
const throughTicks = 100;
const restingLots = 10;
const crossingLots = 9;
const refusedLots = 5_000_000;
const restingIdsMax = 1_000;
const timeout = '30s';
const service = 'outcry.order.v1.OrderService';

export const scene = JSON.parse(open(__ENV.SCENE));
export const placeMs = new Trend('place_order_ms', true);
export const failed = new Rate('commands_failed');
const accepted = new Counter('orders_accepted');
const refused = new Counter('orders_refused');
const cancelled = new Counter('orders_cancelled');

const client = new grpc.Client();
client.load([scene.protoDirectory], 'outcry/order/v1/order.proto', 'outcry/market/v1/market.proto');

/** Connects once a virtual user. */
export function connect() {
  if (!connect.done) client.connect(scene.host, { plaintext: scene.plaintext });
  connect.done = true;
  return client;
}

/** The trader of this virtual user; further users share them. */
export function trader() {
  return scene.traders[(__VU - 1) % scene.traders.length];
}

// Each virtual user has its own.
const restingIds = [];
const keyPrefix = `k6-${Date.now().toString(36)}`;

/** Sends one command of the mix. */
export function sendCommand() {
  const draw = Math.floor(Math.random() * 100);
  if (draw < 10 && restingIds.length > 0) return cancel(restingIds.shift());
  if (draw < 50) return place('crosses');
  return place(draw < 55 ? 'refused' : 'rests');
}

function place(kind) {
  const { symbols } = trader();
  const isBuy = kind === 'refused' || Math.random() < 0.5;
  const ticks = kind === 'crosses' ? throughTicks : -1 - below(restingTicks);
  const lots = kind === 'refused' ? refusedLots : 1 + below(kind === 'crosses' ? crossingLots : restingLots);
  const terms = {
    symbol: symbols[below(symbols.length)],
    side: isBuy ? 'SIDE_BUY' : 'SIDE_SELL',
    type: 'ORDER_TYPE_LIMIT',
    timeInForce: kind === 'crosses' ? 'TIME_IN_FORCE_IOC' : 'TIME_IN_FORCE_GTC',
    quantity: String(lots),
    limitPrice: ((midCents + (isBuy ? ticks : -ticks)) / 100).toFixed(2),
  };
  const startTime = Date.now();
  const answer = call('PlaceOrder', { clientOrderId: `${keyPrefix}-${__VU}-${__ITER}`, terms });
  if (kind === 'refused') {
    note(answer.refused, answer, refused);
    return;
  }
  placeMs.add(Date.now() - startTime);
  note(answer.ok, answer, accepted);
  const order = answer.ok ? answer.message.order : undefined;
  if (kind === 'rests' && order?.status === 'ORDER_STATUS_OPEN' && restingIds.length < restingIdsMax)
    restingIds.push(order.orderId);
}

function cancel(orderId) {
  const answer = call('CancelOrder', { orderId });
  // It may have been filled meanwhile.
  note(answer.ok || answer.refused, answer, cancelled);
}

function note(isDone, answer, counter) {
  check(answer, { 'answered as expected': () => isDone });
  failed.add(!isDone);
  if (isDone) counter.add(1);
  else console.error(JSON.stringify(answer.error).slice(0, 300));
}

function call(method, request) {
  const authorization = `Bearer ${trader().token}`;
  if (scene.protocol === 'grpc') {
    const { status, message, error } = connect().invoke(`${service}/${method}`, request, {
      metadata: { authorization },
      timeout,
    });
    return { ok: status === grpc.StatusOK, refused: status === grpc.StatusFailedPrecondition, message, error };
  }
  const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1', authorization };
  const answer = http.post(`${scene.url}/${service}/${method}`, JSON.stringify(request), { headers, timeout });
  const message = answer.body ? JSON.parse(answer.body) : {};
  return { ok: answer.status === 200, refused: message.code === 'failed_precondition', message, error: message };
}

function below(count) {
  return Math.floor(Math.random() * count);
}

/** What load/main.ts reads of the run. */
export function summarise({ metrics }) {
  const value = (name, field) => metrics[name]?.values[field] ?? 0;
  return {
    accepted: value('orders_accepted', 'count'),
    refused: value('orders_refused', 'count'),
    cancels: value('orders_cancelled', 'count'),
    failed: value('commands_failed', 'passes'),
    checksFailed: value('checks', 'fails'),
    checks: value('checks', 'fails') + value('checks', 'passes'),
    dropped: value('dropped_iterations', 'count'),
    p50Ms: value('place_order_ms', 'med'),
    p95Ms: value('place_order_ms', 'p(95)'),
    p99Ms: value('place_order_ms', 'p(99)'),
    streamed: value('stream_messages', 'count'),
    streamsFailed: value('streams_failed', 'passes'),
  };
}
