// An investor's day through the ingress, and orders that rest and are cancelled beside it: URL, TOKEN of who places these, and HOSTS, the addresses
// of hosts as JSON. Any failure fails the run.
import { check, sleep } from 'k6';
import http from 'k6/http';

export const options = {
  scenarios: {
    orders: { executor: 'constant-vus', vus: 4, duration: '15s', exec: 'placeAndCancel' },
    day: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'investorsDay' },
  },
  hosts: JSON.parse(__ENV.HOSTS),
  thresholds: { checks: ['rate==1'] },
};

const settledTries = 30;
const keyPrefix = `k6-${Date.now().toString(36)}`;

function call(rpc, request, token = __ENV.TOKEN) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = http.post(`${__ENV.URL}/outcry.${rpc}`, JSON.stringify(request), { headers });
  if (answer.status !== 200) console.error(`${rpc}: ${answer.status} ${answer.body}`);
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
  // All of one account, which may place 50 orders a second.
  sleep(0.2);
}

export function investorsDay() {
  const [email, password] = [`${keyPrefix}@example.com`, 'correct horse 7 battery'];
  call('user.v1.UserService/Register', { idempotencyKey: `${keyPrefix}-r`, email, password, displayName: 'k6' }, '');
  const { tokens } = call('user.v1.SessionService/LogIn', { email, password }, '');
  const own = (rpc, request) => call(rpc, request, tokens.accessToken);
  own('ledger.v1.LedgerService/Deposit', { idempotencyKey: `${keyPrefix}-d`, amount: '5000.00' });
  const trade = (side) => {
    const terms = { symbol: 'KITE', side, type: 'ORDER_TYPE_MARKET', quantity: '2' };
    const { order } = own('order.v1.OrderService/PlaceOrder', { clientOrderId: `${keyPrefix}-${side}`, terms });
    return order.orderId;
  };
  const sharesOnce = (expected) => {
    for (let tries = 0; tries < settledTries; tries += 1) {
      const { shares = [] } = own('ledger.v1.LedgerService/GetBalances', {});
      const kite = shares.find(({ asset }) => asset === 'KITE');
      if ((kite ? kite.total : '0') === expected) return true;
      sleep(0.5);
    }
    return false;
  };
  const bought = trade('SIDE_BUY');
  check(sharesOnce('2'), { 'owns what was bought': (isSo) => isSo });
  trade('SIDE_SELL');
  check(sharesOnce('0'), { 'owns none after the sale': (isSo) => isSo });
  const { order } = own('order.v1.OrderService/GetOrder', { orderId: bought });
  check(order, { 'the order is filled': ({ status }) => status === 'ORDER_STATUS_FILLED' });
}
