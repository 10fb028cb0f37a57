/** The generator of the bench: Connect with protobuf over HTTP/1.1. */
import type { LoadResult } from '../../bench/orders/index.ts';
import { startGenerator } from '../../bench/orders/index.ts';
import type { Outcome } from '../outcome.ts';
import type { Scene } from '../scene.ts';

/** Sends the mix at the rate. */
export async function runOwn(scene: Scene): Promise<Outcome> {
  const { url, place, flags } = scene;
  const { protocol, port, hostname: host } = new URL(url);
  if (protocol !== 'http:') throw new Error('the own generator speaks plain HTTP; use --tool k6 for TLS');
  await using generator = startGenerator();
  const traders = place.traders.map((_, index) => index);
  const symbolsByTrader = traders.map((number) => [...place.symbolsOf(number)]);
  await generator.ask('connect', { host, port: Number(port || 80), traders: place.traders, symbolsByTrader, seed: 1 });
  const mix = { name: 'normal', traders, keyPrefix: 'load' } as const;
  const { rate: ratePerSecond, seconds } = flags;
  const result = await generator.ask('openLoop', { mix, ratePerSecond, durationMs: seconds * 1_000, evenly: false });
  return toOutcome(result);
}

function toOutcome({ durationMs, placeOrder, refused, cancelOrder, notDone }: LoadResult): Outcome {
  const answered = placeOrder.count + refused.count + cancelOrder.count + cancelOrder.ended;
  return {
    tool: 'own (Connect, protobuf)',
    answered,
    ratePerSecond: answered / (durationMs / 1_000),
    accepted: placeOrder.count,
    refused: refused.count,
    cancels: cancelOrder.count + cancelOrder.ended,
    failed: Object.values(notDone).reduce((sum, count) => sum + count, 0),
    dropped: 0,
    p50Ms: placeOrder.p50,
    p95Ms: placeOrder.p95,
    p99Ms: placeOrder.p99,
    streamed: 0,
    notes: Object.entries(notDone).map(([reason, count]) => `${count} x ${reason}`),
  };
}
