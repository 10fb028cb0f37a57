// Runs inside a pod: `globalThis.callers` place orders one after the other for `globalThis.seconds` at the gateway of the pod's namespace, by plain
// HTTP/2, and it prints how many were answered and how many failed. An order rests nowhere: it finds no match and is cancelled at once.
import { randomUUID } from 'node:crypto';
import http2 from 'node:http2';

const session = http2.connect('http://gateway:9000');
session.on('error', () => {});

function call(rpc, message, token) {
  return new Promise((resolve, reject) => {
    const [service] = rpc.split('/');
    const own = service.replace('Service', '').replace('Session', 'User').toLowerCase();
    const stream = session.request({
      ':method': 'POST',
      ':path': `/outcry.${own}.v1.${rpc}`,
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    });
    let status = 0;
    let text = '';
    stream.on('response', (headers) => (status = headers[':status']));
    stream.on('data', (chunk) => (text += chunk));
    stream.on('end', () =>
      status === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${rpc} ${status} ${text}`)),
    );
    stream.on('error', reject);
    stream.end(JSON.stringify(message));
  });
}

async function person() {
  const email = `sidecars-${randomUUID()}@example.com`;
  const password = 'correct horse 7 battery';
  await call('UserService/Register', { idempotencyKey: randomUUID(), email, password, displayName: 'Sidecars' });
  const { tokens } = await call('SessionService/LogIn', { email, password });
  const token = tokens.accessToken;
  await call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '100000.00' }, token);
  return token;
}

// Below the market. Where the house has never traded there is the price of the listing only.
async function price(token) {
  const { quotes } = await call('MarketService/ListQuotes', { symbols: ['ACME'] }, token);
  const { instrument } = await call('MarketService/GetInstrument', { symbol: 'ACME' }, token);
  return `${Math.floor(Number(quotes?.[0]?.lastPrice || instrument.referencePrice) * 0.95)}.00`;
}

// A person may place 50 orders a second, which a fast system comes near: each caller takes turns with the accounts of several.
const peopleEach = 3;
const tokens = [];
for (let index = 0; index < peopleEach * globalThis.callers; index += 1) tokens.push(await person());
const terms = {
  symbol: 'ACME',
  side: 'SIDE_BUY',
  type: 'ORDER_TYPE_LIMIT',
  timeInForce: 'TIME_IN_FORCE_IOC',
  quantity: '1',
  limitPrice: await price(tokens[0]),
};
const latencies = [];
const failures = [];
const place = (token) => call('OrderService/PlaceOrder', { clientOrderId: randomUUID(), terms }, token);
for (const token of tokens) for (let warm = 0; warm < 10; warm += 1) await place(token);
const startTimeMs = performance.now();
const endTimeMs = startTimeMs + globalThis.seconds * 1_000;
async function trade(caller) {
  for (let turn = 0; performance.now() < endTimeMs; turn += 1) {
    const sentTimeMs = performance.now();
    await place(tokens[peopleEach * caller + (turn % peopleEach)]).then(
      () => latencies.push(performance.now() - sentTimeMs),
      (error) => failures.push(String(error.message)),
    );
  }
}
await Promise.all(Array.from({ length: globalThis.callers }, (_, caller) => trade(caller)));
const seconds = (performance.now() - startTimeMs) / 1_000;
latencies.sort((one, other) => one - other);
const result = {
  orders: latencies.length,
  failed: failures.length,
  failure: failures[0] ?? '',
  ordersPerSecond: Math.round((10 * latencies.length) / seconds) / 10,
  medianMs: Math.round(latencies[Math.floor(latencies.length / 2)] ?? 0),
  p99Ms: Math.round(latencies[Math.floor(latencies.length * 0.99)] ?? 0),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit());
