// Places resting orders through the ingress and cancels them: URL, TOKEN, and HOSTS, the addresses of hosts as JSON. Any failure fails the run.
import { check } from 'k6';
import http from 'k6/http';

export const options = {
  scenarios: { orders: { executor: 'constant-vus', vus: 4, duration: '15s', exec: 'placeAndCancel' } },
  hosts: JSON.parse(__ENV.HOSTS),
  thresholds: { checks: ['rate==1'] },
};

const headers = { 'content-type': 'application/json', authorization: `Bearer ${__ENV.TOKEN}` };
const keyPrefix = `k6-${Date.now().toString(36)}`;

function call(rpc, request) {
  const answer = http.post(`${__ENV.URL}/outcry.${rpc}`, JSON.stringify(request), { headers });
  check(answer, { 'is answered 200 over HTTP/2': ({ status, proto }) => status === 200 && proto === 'HTTP/2.0' });
  return answer.json();
}

export function setup() {
  const { depth } = call('market.v1.MarketService/GetDepth', { symbol: 'ACME', levels: 1 });
  return { limitPrice: `${Math.floor(Number(depth.bids[0].price) * 0.9)}.00` };
}

export function placeAndCancel({ limitPrice }) {
  const terms = { symbol: 'ACME', side: 'SIDE_BUY', type: 'ORDER_TYPE_LIMIT', quantity: '1', limitPrice };
  const clientOrderId = `${keyPrefix}-${__VU}-${__ITER}`;
  const { order } = call('order.v1.OrderService/PlaceOrder', { clientOrderId, terms });
  call('order.v1.OrderService/CancelOrder', { orderId: order.orderId });
}
