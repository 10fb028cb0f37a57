/** Places and cancels orders of one house account. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Order, OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName, toOutcryError } from '#platform/errors/details.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { formatDecimal, PRICE_SCALE, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { HouseInstrument } from '../domain/instrument.ts';
import type { QuoteSide, WantedQuote } from '../domain/quotes.ts';
import type { SimulatorClients } from './clients.ts';
import type { Clock } from './clock.ts';
import type { HouseAccount } from './house-account.ts';
import type { Phase } from './phases.ts';

/** The orders of one account. A command that is refused or fails resolves to undefined and is counted. */
export type HouseOrders = {
  /** A quote is to rest: while the book trades, one that would trade is refused. */
  quote(instrument: HouseInstrument, quote: WantedQuote, phase: Phase): Promise<Order | undefined>;
  take(instrument: HouseInstrument, side: QuoteSide, lots: number): Promise<Order | undefined>;
  /** An order at a price at most, which takes part in the auction that the book holds and ends with it. */
  bid(instrument: HouseInstrument, order: WantedQuote, auction: 'opening' | 'closing'): Promise<Order | undefined>;
  cancel(orderId: string): Promise<Order | undefined>;
};

const pauseMs = 1_000;

/** Orders of `account`. */
export function createHouseOrders(options: {
  clients: SimulatorClients;
  account: HouseAccount;
  clock: Clock;
  metrics: Metrics;
  signal: AbortSignal;
}): HouseOrders {
  const { clients, account, clock, signal } = options;
  const commands = options.metrics.counter({
    name: 'outcry_simulator_commands_total',
    help: 'Commands of the house traders, by outcome.',
    labels: ['outcome'],
  });

  const command = async (send: (call: { userToken: string; signal: AbortSignal }) => Promise<{ order?: Order }>) => {
    try {
      const { order } = await send({ userToken: await account.token(), signal });
      commands.inc({ outcome: 'OK' });
      return order;
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, reason } = toOutcryError(error);
      commands.inc({ outcome: reasonName(reason) });
      // The market is unavailable or overloaded: house traders are the first to wait.
      if (code === Code.UNAVAILABLE || code === Code.RESOURCE_EXHAUSTED || code === Code.DEADLINE_EXCEEDED) {
        await clock.sleep(pauseMs, signal);
      }
      return undefined;
    }
  };
  const place = (terms: MessageInitShape<typeof OrderTermsSchema>) =>
    command((call) => clients.orders.placeOrder({ clientOrderId: uuidV7(), terms }, call));
  const terms = (instrument: HouseInstrument, side: QuoteSide, lots: number) => ({
    symbol: instrument.symbol,
    side: side === 'buy' ? Side.BUY : Side.SELL,
    size: {
      case: 'quantity' as const,
      value: formatDecimal(BigInt(lots) * instrument.lotMicros, QUANTITY_SCALE, 0),
    },
  });
  const limited = (instrument: HouseInstrument, { side, priceTicks, lots }: WantedQuote) => ({
    ...terms(instrument, side, lots),
    type: OrderType.LIMIT,
    limitPrice: formatDecimal(BigInt(priceTicks) * instrument.tickMicros, PRICE_SCALE, 2),
  });
  return {
    quote: (instrument, quote, phase) =>
      place({ ...limited(instrument, quote), timeInForce: TimeInForce.GTC, postOnly: phase === 'trading' }),
    take: (instrument, side, lots) => place({ ...terms(instrument, side, lots), type: OrderType.MARKET }),
    bid: (instrument, order, auction) =>
      place({
        ...limited(instrument, order),
        timeInForce: auction === 'opening' ? TimeInForce.AT_OPEN : TimeInForce.AT_CLOSE,
      }),
    cancel: (orderId) => command((call) => clients.orders.cancelOrder({ orderId }, call)),
  };
}
