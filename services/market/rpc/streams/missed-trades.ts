/** What a resumed reader of trades has missed: from the trail of the view, and what is older from the database. */
import { StreamTradesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import { pause } from '#platform/time/pause.ts';
import type { MarketDeps } from '../../deps.ts';
import { recordedFeed } from '../../store/read-history.ts';
import { readTradesSince } from '../../store/read-trades-since.ts';
import type { MarketView } from '../../view/market-view.ts';
import type { SymbolView } from '../../view/symbol-view.ts';
import { encode, tradeOf } from '../messages/market-messages.ts';
import { encodedGap, positionOf } from './encoded.ts';

/** A message of the backlog and the position after it. */
export type MissedTrade = { symbol: string; sequence: bigint; encoded: () => EncodedMessage };

/** What is known of one symbol: the stored trades, up to where they reach, and whether some before them are lost. */
export type MissedOfSymbol = { symbol: string; isLost: boolean; stored: MissedTrade[]; throughSequence: bigint };

/** Trades that are sent again, of a symbol and of a stream. */
const ofSymbolMax = 1_000;
const ofStreamMax = 5_000;
/** How long the record may be behind the view before what is missing counts as lost; each try, ms. */
const recordWaitMs = 2_000;
const tryEveryMs = 50;

/** Reads from the database what the view does not have; the rest is added by `missedTrades`, in the turn in which the stream begins to listen. */
export async function readMissed(
  deps: MarketDeps,
  symbols: readonly string[],
  positions: ReadonlyMap<string, SymbolPosition>,
  signal: AbortSignal,
): Promise<MissedOfSymbol[]> {
  const missed: MissedOfSymbol[] = [];
  let left = ofStreamMax;
  for (const symbol of symbols) {
    const position = positions.get(symbol);
    const view = deps.view.get(symbol);
    if (position === undefined || view === undefined) continue;
    const known = await readOne(deps, { position, view, limit: Math.min(left, ofSymbolMax), signal });
    left -= known.stored.length;
    missed.push(known);
  }
  return missed;
}

/** The whole backlog as of now: gaps where trades are lost, then each missed trade. */
export function missedTrades(view: MarketView, missed: readonly MissedOfSymbol[]): MissedTrade[] {
  return missed.flatMap(({ symbol, isLost, stored, throughSequence }) => {
    const trail = view.get(symbol)?.trail;
    const newer = trail?.after(throughSequence);
    const from = newer === undefined ? (trail?.fromSequence ?? throughSequence) : throughSequence;
    const gap = { symbol, sequence: from, encoded: () => encodedGap(positionOf(view, symbol), 0n, symbol) };
    const known = newer === undefined ? [] : stored;
    const after = newer ?? trail?.trades ?? [];
    const trades = [...known, ...after.map(({ sequence, encoded }) => ({ symbol, sequence, encoded }))];
    return isLost || newer === undefined ? [gap, ...trades] : trades;
  });
}

type Search = { position: SymbolPosition; view: SymbolView; limit: number; signal: AbortSignal };

async function readOne(deps: MarketDeps, { position, view, limit, signal }: Search): Promise<MissedOfSymbol> {
  const { symbol, sequence } = position;
  const { epoch } = positionOf(deps.view, symbol);
  const { fromSequence } = view.trail;
  if (epoch !== position.epoch) {
    return { symbol, isLost: true, stored: [], throughSequence: view.sequence };
  }
  if (sequence >= fromSequence) return { symbol, isLost: false, stored: [], throughSequence: sequence };
  const isRecorded = await untilRecorded(deps, { view, epoch, sequence: fromSequence, signal });
  const found = isRecorded ? await readTradesSince(deps.db, { symbol, afterSequence: sequence, limit: limit + 1 }) : [];
  const isLost = !isRecorded || found.length > limit;
  const rows = found.slice(-limit).filter((trade) => trade.sequence <= fromSequence);
  const stored = rows.map((trade) => ({
    symbol,
    sequence: trade.sequence,
    encoded: () =>
      encode(StreamTradesResponseSchema, {
        epoch,
        sequence: trade.sequence,
        message: { case: 'trade', value: tradeOf(trade, view.steps) },
      }),
  }));
  return { symbol, isLost, stored: limit > 0 ? stored : [], throughSequence: fromSequence };
}

/** Whether the shard's feed is recorded up to the sequence, by the time that it may take. */
async function untilRecorded(
  { db }: MarketDeps,
  { view, epoch, sequence, signal }: { view: SymbolView; epoch: string; sequence: bigint; signal: AbortSignal },
): Promise<boolean> {
  const endTimeMs = performance.now() + recordWaitMs;
  while (!signal.aborted) {
    const recorded = await readFeedState(db, recordedFeed(view.shard));
    if (recorded.epoch === epoch && recorded.sequence >= sequence) return true;
    if (performance.now() >= endTimeMs) return false;
    await pause(tryEveryMs, signal);
  }
  return false;
}
