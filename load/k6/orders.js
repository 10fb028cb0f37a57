// Commands at a fixed rate, whether or not earlier ones were answered, and streams of quotes beside them. Run by load/main.ts.
import { Counter, Rate } from 'k6/metrics';
import grpc from 'k6/net/grpc';
import { connect, scene, sendCommand, summarise, trader } from './calls.js';

const streamMessages = new Counter('stream_messages');
const streamsFailed = new Rate('streams_failed');
const duration = `${scene.seconds}s`;
const quotes = {
  executor: 'per-vu-iterations',
  exec: 'readQuotes',
  vus: scene.streams,
  iterations: 1,
  maxDuration: `${scene.seconds + 10}s`,
};

export const options = {
  scenarios: {
    orders: {
      executor: 'constant-arrival-rate',
      exec: 'sendOne',
      rate: scene.rate,
      timeUnit: '1s',
      duration,
      preAllocatedVUs: scene.callers,
      maxVUs: scene.callers * 4,
      gracefulStop: '30s',
    },
    ...(scene.streams > 0 && scene.protocol === 'grpc' ? { quotes } : {}),
  },
  thresholds: {
    commands_failed: ['rate<0.001'],
    place_order_ms: [`p(99)<${scene.p99MaxMs}`],
    streams_failed: ['rate<0.01'],
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

/** One command. */
export function sendOne() {
  sendCommand();
}

/** Reads quotes until the orders end. */
export function readQuotes() {
  const metadata = { authorization: `Bearer ${trader().token}` };
  const stream = new grpc.Stream(connect(), 'outcry.market.v1.MarketService/StreamQuotes', { metadata });
  let isEnding = false;
  stream.on('data', () => streamMessages.add(1));
  stream.on('error', () => streamsFailed.add(!isEnding));
  stream.on('end', () => streamsFailed.add(!isEnding));
  stream.write({ symbols: trader().symbols });
  stream.end();
  setTimeout(() => {
    isEnding = true;
    connect().close();
  }, scene.seconds * 1_000);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(summarise(data)) };
}
