/** An order that is placed later, checked as far as possible without a market. */
import {
  CENT_SCALE,
  DecimalError,
  formatDecimal,
  PRICE_SCALE,
  parseDecimal,
  QUANTITY_SCALE,
} from '#platform/money/decimal.ts';

/** An order in normal form, which is stored as JSON. Decimals are text without needless zeros. */
export type OrderDraft = {
  symbol: string;
  side: 'buy' | 'sell';
  type: 'market' | 'limit';
  /** Empty: the order service's default. */
  timeInForce: '' | 'gtc' | 'ioc' | 'fok';
  size: { kind: 'quantity' | 'amount'; value: string };
  /** Empty: none. */
  limitPrice: string;
  postOnly: boolean;
};

/** The same as entered; undefined where the value is missing or unsupported. */
export type RawOrder = {
  symbol: string;
  side: OrderDraft['side'] | undefined;
  type: OrderDraft['type'] | undefined;
  timeInForce: OrderDraft['timeInForce'] | undefined;
  size: OrderDraft['size'] | undefined;
  limitPrice: string;
  postOnly: boolean;
};

/** The order is invalid. The message is safe for the caller. */
export class OrderDraftError extends Error {
  override readonly name = 'OrderDraftError';
  /** Field of the order's terms. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Brings an order into normal form. Throws OrderDraftError for the first invalid field. */
export function parseOrderDraft(raw: RawOrder): OrderDraft {
  const { symbol, side, type, timeInForce, limitPrice, postOnly } = raw;
  if (!/^[A-Z0-9.]{1,12}$/.test(symbol)) throw new OrderDraftError('symbol', 'must be 1 to 12 characters of [A-Z0-9.]');
  if (side === undefined) throw new OrderDraftError('side', 'must be BUY or SELL');
  if (type === undefined) throw new OrderDraftError('type', 'must be MARKET or LIMIT');
  if (timeInForce === undefined) throw new OrderDraftError('time_in_force', 'must be GTC, IOC or FOK');
  const draft = { symbol, side, type, timeInForce, postOnly, size: sizeOf(raw) };
  if (type === 'limit') {
    if (postOnly && timeInForce !== '' && timeInForce !== 'gtc') {
      throw new OrderDraftError('post_only', 'is only for orders that may rest');
    }
    return { ...draft, limitPrice: decimalOf('limit_price', limitPrice, PRICE_SCALE) };
  }
  if (limitPrice !== '') throw new OrderDraftError('limit_price', 'is only for limit orders');
  if (postOnly) throw new OrderDraftError('post_only', 'is only for limit orders');
  if (timeInForce === 'gtc') throw new OrderDraftError('time_in_force', 'of a market order must be IOC or FOK');
  return { ...draft, limitPrice: '' };
}

function sizeOf({ size, type, side }: RawOrder): OrderDraft['size'] {
  if (size === undefined) throw new OrderDraftError('quantity', 'quantity or amount is required');
  const { kind, value } = size;
  if (kind === 'quantity') return { kind, value: decimalOf('quantity', value, QUANTITY_SCALE) };
  if (type !== 'market' || side !== 'buy') throw new OrderDraftError('amount', 'is only for market buys');
  return { kind, value: decimalOf('amount', value, CENT_SCALE) };
}

function decimalOf(field: string, text: string, scale: number): string {
  try {
    return formatDecimal(parseDecimal(text, scale, { min: 1n }), scale, scale === CENT_SCALE ? CENT_SCALE : 0);
  } catch (error) {
    if (error instanceof DecimalError) throw new OrderDraftError(field, error.message);
    throw error;
  }
}
