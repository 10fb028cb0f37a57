import { promisify } from 'node:util';
import {
  captureState,
  Engine,
  encodeImage,
  Matcher,
  noBreaker,
  plainTerms,
  ruleVersion,
  SelfTrade,
  Side,
  type SubmitCommand,
  TimeInForce,
} from '../../services/exchange/index.ts';

const nextTurn = promisify(setImmediate);
const [symbol, startMs, groupOrders] = ['BENCH', 1_700_000_000_000, 250];

/** What a snapshot costs the matching thread. */
export type SnapshotPause = {
  /** Final orders and commands that are remembered. */
  remembered: number;
  /** The copy between two groups, in ms, the best of five: while it runs nothing is matched. */
  captureMs: number;
  /** The longest time, in ms, between two moments at which a group could be matched while the snapshot was encoded. */
  longestTurnMs: number;
  encodeMs: number;
};

/** Takes a snapshot of an engine that remembers so many orders and cancels, and goes on matching meanwhile. */
export async function measureSnapshotPause(remembered: number, signal: AbortSignal): Promise<SnapshotPause> {
  const { engine } = fill(remembered, signal);
  const captureMs = Math.min(...Array.from({ length: 5 }, () => timeCapture(engine)));
  const image = captureState(engine.state);
  const startTimeMs = performance.now();
  let longestTurnMs = 0;
  for (const encoding = encodeImage(image); ; ) {
    const turnStartMs = performance.now();
    const { done } = encoding.next();
    longestTurnMs = Math.max(longestTurnMs, performance.now() - turnStartMs);
    if (done) break;
    signal.throwIfAborted();
    await nextTurn();
  }
  image.release();
  const { records, commands } = engine.state;
  const encodeMs = performance.now() - startTimeMs;
  return { remembered: records.count + commands.count, captureMs, longestTurnMs, encodeMs };
}

function timeCapture(engine: Engine): number {
  const startTimeMs = performance.now();
  const image = captureState(engine.state);
  const durationMs = performance.now() - startTimeMs;
  image.release();
  return durationMs;
}

/** A matcher whose engine has seen as many orders as cancels of them. */
function fill(remembered: number, signal: AbortSignal): Matcher {
  const position = { groupNumber: 0, checksum: 0, commandCount: 0, snapshotGroup: 0, snapshotSequence: 0 };
  const term = { shard: 0, token: 1n, capture: () => undefined };
  const matcher = new Matcher({ engine: new Engine(), ...position }, term);
  const sizes = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 100 };
  matcher.match(
    [
      { kind: 'rules', version: ruleVersion },
      { kind: 'list', listing: { symbol, ...sizes, ...noBreaker } },
    ],
    startMs,
  );
  for (let first = 0; first < remembered / 2; first += groupOrders) {
    signal.throwIfAborted();
    const orders = Array.from({ length: groupOrders }, (_, i) => orderOf(first + i));
    const cancels = orders.map(({ orderId, accountId }) => ({
      ...({ kind: 'cancel', commandId: `cancel:${orderId}`, orderId, accountId, symbol } as const),
    }));
    matcher.match([...orders, ...cancels], startMs);
  }
  return matcher;
}

function orderOf(number: number): SubmitCommand {
  const time = startMs.toString(16).padStart(12, '0');
  const orderId = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
  return {
    ...{ kind: 'submit', ...plainTerms, orderId, idTimeMs: startMs, accountId: `a${number % 5_000}`, symbol },
    ...{ side: Side.BUY, timeInForce: TimeInForce.GTC, priceTicks: 50 + (number % 40), quantityLots: 10 },
    ...{ postOnly: false, selfTradeGroup: '', selfTrade: SelfTrade.CANCEL_NEWEST },
  };
}
