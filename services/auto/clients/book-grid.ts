/** The steps of prices and quantities in a book. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { invalidArgument, unavailable } from '#platform/errors/outcry-error.ts';
import { formatDecimal, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { OrderDraft } from '../domain/order-draft.ts';

type Market = Pick<RpcClient<typeof MarketService>, 'getInstrument'>;

/** Price step in millionths of the currency unit, quantity step in millionths of a share. */
export type BookGrid = { tickMicros: bigint; lotMicros: bigint };

const timeoutMs = 3_000;

/** Reads them from the market. Throws SYMBOL_UNKNOWN for a symbol that is not listed, UNAVAILABLE while the market does not answer. */
export async function readBookGrid(market: Market, symbol: string, signal?: AbortSignal): Promise<BookGrid> {
  const { instrument } = await market.getInstrument({ symbol }, { signal, timeoutMs });
  if (instrument === undefined) throw unavailable();
  const { tickSize, lotSize } = instrument;
  return { tickMicros: parseDecimal(tickSize, PRICE_SCALE), lotMicros: parseDecimal(lotSize, QUANTITY_SCALE) };
}

/** Throws INVALID_ARGUMENT for an order by quantity whose quantity or limit price is not a multiple of its step; `field` is its path. */
export async function requireOnGrid(
  market: Market,
  { symbol, size, limitPrice: price }: OrderDraft,
  { field, signal }: { field: string; signal: AbortSignal },
): Promise<void> {
  const { tickMicros, lotMicros } = await readBookGrid(market, symbol, signal);
  if (parseDecimal(size.value, QUANTITY_SCALE) % lotMicros !== 0n) {
    const lot = formatDecimal(lotMicros, QUANTITY_SCALE);
    const message = `must be a multiple of the lot ${lot}`;
    throw invalidArgument(`${field}.quantity`, message, ErrorReason.QUANTITY_NOT_ON_LOT, { quantity: size.value, lot });
  }
  if (price !== '' && parseDecimal(price, PRICE_SCALE) % tickMicros !== 0n) {
    const tick = formatDecimal(tickMicros, PRICE_SCALE);
    const message = `must be a multiple of the tick ${tick}`;
    throw invalidArgument(`${field}.limit_price`, message, ErrorReason.PRICE_NOT_ON_TICK, { price, tick });
  }
}
