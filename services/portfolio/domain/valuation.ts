/** What holdings are worth at given prices. */
import { averageCostMicros, marketValueMicros, type Position } from './position.ts';

/** An account's holdings at one position of the ledger's feed. */
export type Holdings = {
  sequence: bigint;
  cashMicros: bigint;
  /** By symbol, sorted; closed ones included. */
  positions: ({ symbol: string } & Position)[];
};

/** A position with its value; the values are undefined where shares are held and no price is known. */
export type ValuedPosition = Holdings['positions'][number] & {
  averageCostMicros: bigint;
  lastPriceMicros: bigint | undefined;
  marketValueMicros: bigint | undefined;
  unrealizedMicros: bigint | undefined;
};

/** Holdings with their values; sums leave out what has no price. */
export type Valuation = {
  positions: ValuedPosition[];
  cashMicros: bigint;
  marketValueMicros: bigint;
  equityMicros: bigint;
  unrealizedMicros: bigint;
  realizedMicros: bigint;
};

/** The symbols of which shares are held: those whose price matters. */
export function heldSymbols(holdings: Holdings): string[] {
  return holdings.positions.filter(({ quantityMicros }) => quantityMicros > 0n).map(({ symbol }) => symbol);
}

/** Values holdings; `priceOf` gives the last price in millionths of the currency. */
export function value(holdings: Holdings, priceOf: (symbol: string) => bigint | undefined): Valuation {
  const positions = holdings.positions.map((position) => valuePosition(position, priceOf(position.symbol)));
  const marketValue = sum(positions.map((position) => position.marketValueMicros ?? 0n));
  return {
    positions,
    cashMicros: holdings.cashMicros,
    marketValueMicros: marketValue,
    equityMicros: holdings.cashMicros + marketValue,
    unrealizedMicros: sum(positions.map((position) => position.unrealizedMicros ?? 0n)),
    realizedMicros: sum(positions.map((position) => position.realizedMicros)),
  };
}

function valuePosition(position: Holdings['positions'][number], price: bigint | undefined): ValuedPosition {
  const worth = position.quantityMicros === 0n ? 0n : price && marketValueMicros(position.quantityMicros, price);
  return {
    ...position,
    averageCostMicros: averageCostMicros(position),
    lastPriceMicros: price,
    marketValueMicros: worth,
    unrealizedMicros: worth === undefined ? undefined : worth - position.costMicros,
  };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, item) => total + item, 0n);
}
