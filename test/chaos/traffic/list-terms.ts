/** Lists of orders: OCO, OTO and bracket, of either side, with exits of each type. */
import {
  base,
  beyond,
  decimal,
  force,
  midCents,
  type Side,
  stop,
  stopLimit,
  type TermsJson,
  type TermsSource,
  trailingStop,
  withSelfTrade,
} from './terms.ts';

/** A list to place: its type and the terms of its orders, an entry first. */
export type ListTerms = { type: string; orders: TermsJson[] };

const lotsMax = 10;
const profitTicks = 40;

/** A list whose exits are of this side. */
export function listTerms(source: TermsSource, exitSide: Side): ListTerms {
  const { random } = source;
  const shared = { quantity: String(1 + random.below(lotsMax)), ...withSelfTrade(random) };
  const entry = () => ({ ...entryTerms(source, { ...exitSide, isBuy: !exitSide.isBuy }), ...shared });
  const profit = () => ({ ...takeProfit(source, exitSide), ...shared });
  const loss = () => ({ ...stopLoss(source, exitSide), ...shared });
  switch (random.below(4)) {
    case 0:
      return { type: 'LIST_TYPE_OCO', orders: [profit(), loss()] };
    case 1:
      return { type: 'LIST_TYPE_OTO', orders: [entry(), random.below(2) === 0 ? profit() : loss()] };
    default:
      return { type: 'LIST_TYPE_BRACKET', orders: [entry(), profit(), loss()] };
  }
}

/** Most entries trade soon: at the market, at a limit beyond the spread, or at a stop; one in three rests. */
function entryTerms(source: TermsSource, side: Side): TermsJson {
  const { random } = source;
  switch (random.below(6)) {
    case 0:
      return base(side, 'MARKET', 1);
    case 1:
      return random.below(2) === 0 ? stop(source, side) : stopLimit(source, side);
    case 2:
    case 3:
      return { ...base(side, 'LIMIT', 1), limitPrice: decimal(beyond(side, midCents, -1 - random.below(profitTicks))) };
    default: {
      const isImmediate = random.below(4) === 0 ? { timeInForce: force('IOC') } : {};
      return { ...base(side, 'LIMIT', 1), limitPrice: decimal(beyond(side, midCents, profitTicks)), ...isImmediate };
    }
  }
}

function takeProfit({ random }: TermsSource, side: Side): TermsJson {
  return { ...base(side, 'LIMIT', 1), limitPrice: decimal(beyond(side, midCents, -1 - random.below(profitTicks))) };
}

/** A stop of one of the three types; an exit is not for its own moment. */
function stopLoss(source: TermsSource, side: Side): TermsJson {
  const kind = [stop, stopLimit, trailingStop][source.random.below(3)] ?? stop;
  const terms = kind(source, side);
  const isLasting = terms.timeInForce === undefined || /_(DAY|GTD)$/.test(String(terms.timeInForce));
  return isLasting ? terms : { ...terms, timeInForce: force('GTC') };
}
