/** The services that house traders call, in one process over the real matching engine and without I/O. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { InstrumentSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { type Order, OrderSchema, OrderStatus, type PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Side as ContractSide, OrderType, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7, uuidV7TimeMs } from '#platform/ids/uuid-v7.ts';
import { formatDecimal, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import {
  type Command,
  Engine,
  type EngineEvent,
  noBreaker,
  plainTerms,
  readEvents,
  SelfTrade,
  Side,
  TimeInForce,
} from '../../services/exchange/index.ts';
import type { SimulatorClients } from '../../services/simulator/index.ts';

const tickMicros = 10_000n;
const lotMicros = 1_000_000n;
const startMs = Date.UTC(2026, 0, 5);

/** A market of these symbols, each with a tick of a cent, a lot of one share, and a reference price of 100.00. */
export class HouseMarket {
  readonly clients: SimulatorClients;
  trades = 0;
  commands = 0;
  readonly #engine = new Engine();
  readonly #nowMs: () => number;
  readonly #orders = new Map<string, Order>();
  readonly #listeners = new Map<string, (order: Order) => void>();
  readonly #shares = new Map<string, Map<string, bigint>>();
  readonly #levels = new Map<string, Map<number, number>>();

  constructor(symbols: string[], nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#run({ kind: 'rules', version: 1 });
    for (const symbol of symbols) {
      const terms = {
        symbol,
        tickSize: '0.01',
        lotSize: '1',
        currency: 'USD',
        bandBps: 2_000,
        referencePriceTicks: 10_000,
        ...noBreaker,
      };
      this.#run({ kind: 'list', listing: terms });
    }
    this.clients = this.#clients(symbols);
  }

  /** Whether both sides of a book have an order. */
  isTwoSided(symbol: string): boolean {
    return [Side.BUY, Side.SELL].every((side) => (this.#levels.get(`${symbol} ${side}`)?.size ?? 0) > 0);
  }

  #clients(symbols: string[]): SimulatorClients {
    const clients = {
      users: { ensureHouseAccount: async ({ name }: { name: string }) => houseToken(name) },
      ledger: { fundHouseAccount: async (request: FundRequest) => this.#fund(request) },
      balances: { getBalances: async (_: unknown, { userToken }: Call) => this.#balances(userToken) },
      market: {
        listInstruments: async () => ({ instruments: symbols.map(instrument), nextPageToken: '' }),
        listQuotes: async () => ({ quotes: [] }),
      },
      orders: {
        placeOrder: async (request: PlaceRequest, { userToken }: Call) => ({ order: this.#place(request, userToken) }),
        cancelOrder: async ({ orderId }: { orderId: string }) => ({ order: this.#cancel(orderId) }),
        cancelAllOrders: async () => ({}),
        streamOrders: (_: unknown, { userToken, signal }: Call) => this.#stream(userToken, signal),
      },
    };
    return clients as unknown as SimulatorClients;
  }

  #place({ terms }: PlaceRequest, accountId: string): Order {
    const orderId = uuidV7(startMs + this.#nowMs());
    const isMarket = terms?.type === OrderType.MARKET;
    const side = terms?.side === ContractSide.BUY ? Side.BUY : Side.SELL;
    const limit = isMarket
      ? side === Side.BUY
        ? 12_000n
        : 8_000n
      : parseDecimal(terms?.limitPrice ?? '', PRICE_SCALE) / tickMicros;
    const lots = parseDecimal(String(terms?.size?.value), QUANTITY_SCALE) / lotMicros;
    const symbol = terms?.symbol ?? '';
    this.#orders.set(
      orderId,
      create(OrderSchema, {
        orderId,
        accountId,
        symbol,
        side: terms?.side ?? 0,
        quantity: formatDecimal(lots * lotMicros, QUANTITY_SCALE, 0),
        limitPrice: formatDecimal(limit * tickMicros, PRICE_SCALE, 2),
        filledQuantity: '0',
        status: OrderStatus.OPEN,
      }),
    );
    this.#run({
      kind: 'submit',
      ...plainTerms,
      orderId,
      idTimeMs: uuidV7TimeMs(orderId),
      accountId,
      symbol,
      side,
      timeInForce: isMarket ? TimeInForce.IOC : TimeInForce.GTC,
      priceTicks: Number(limit),
      quantityLots: Number(lots),
      postOnly: terms?.postOnly ?? false,
      selfTradeGroup: '',
      selfTrade: SelfTrade.CANCEL_NEWEST,
    });
    return this.#snapshot(orderId);
  }

  #cancel(orderId: string): Order {
    const { accountId, symbol } = this.#snapshot(orderId);
    this.#run({ kind: 'cancel', commandId: uuidV7(startMs + this.#nowMs()), orderId, accountId, symbol });
    return this.#snapshot(orderId);
  }

  #snapshot(orderId: string): Order {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new Error(`${orderId} is final and was removed`);
    return { ...order };
  }

  #run(command: Command): void {
    this.commands++;
    const engine = this.#engine;
    engine.beginGroup(startMs + this.#nowMs());
    engine.apply(command);
    for (const event of readEvents(engine.state, engine.effective)) this.#apply(event);
    engine.endGroup();
  }

  #apply(event: EngineEvent): void {
    switch (event.kind) {
      case 'levelChanged': {
        const key = `${event.symbol} ${event.side}`;
        const levels = this.#levels.get(key) ?? new Map<number, number>();
        this.#levels.set(key, levels);
        if (event.quantityLots === 0) levels.delete(event.priceTicks);
        else levels.set(event.priceTicks, event.quantityLots);
        return;
      }
      case 'traded':
        this.trades++;
        for (const side of [event.maker, event.taker]) {
          this.#move(
            side.accountId,
            event.symbol,
            BigInt(side.side === Side.BUY ? event.quantityLots : -event.quantityLots),
          );
          this.#change(
            side.orderId,
            side.remainingLots === 0 ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED,
            side.remainingLots,
          );
        }
        return;
      case 'cancelled':
        this.#change(event.orderId, OrderStatus.CANCELLED);
        return;
      case 'rejected':
        this.#change(event.orderId, OrderStatus.REJECTED);
        return;
      default:
    }
  }

  #change(orderId: string, status: OrderStatus, remainingLots?: number): void {
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    order.status = status;
    order.version++;
    if (remainingLots !== undefined) {
      const filled = parseDecimal(order.quantity, QUANTITY_SCALE) - BigInt(remainingLots) * lotMicros;
      order.filledQuantity = formatDecimal(filled, QUANTITY_SCALE, 0);
    }
    this.#listeners.get(order.accountId)?.({ ...order });
    // Removed after the answer in progress has read it.
    if (status !== OrderStatus.PARTIALLY_FILLED) setImmediate(() => this.#orders.delete(orderId));
  }

  #fund({ accountId, shares }: FundRequest): object {
    for (const [symbol, quantity] of Object.entries(shares)) {
      this.#move(accountId, symbol, parseDecimal(quantity, QUANTITY_SCALE) / lotMicros);
    }
    return {};
  }

  #move(accountId: string, symbol: string, lots: bigint): void {
    const held = this.#shares.get(accountId) ?? new Map<string, bigint>();
    this.#shares.set(accountId, held.set(symbol, (held.get(symbol) ?? 0n) + lots));
  }

  #balances(accountId: string): object {
    const shares = [...(this.#shares.get(accountId) ?? [])].map(([asset, lots]) => ({ asset, total: String(lots) }));
    return { cash: { total: '50000000.00' }, shares };
  }

  async *#stream(accountId: string, signal: AbortSignal) {
    const waiting: Order[] = [];
    let wake = () => {};
    this.#listeners.set(accountId, (order) => {
      waiting.push(order);
      wake();
    });
    signal.addEventListener('abort', () => wake(), { once: true });
    while (!signal.aborted) {
      const order = waiting.shift();
      if (order !== undefined) yield { message: { case: 'order', value: order } };
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
}

type Call = { userToken: string; signal: AbortSignal };
type PlaceRequest = MessageInitShape<typeof PlaceOrderRequestSchema>;
type FundRequest = { accountId: string; shares: Record<string, string> };

// The account's name serves as its id and its token, as identities are not checked here.
function houseToken(name: string) {
  return { accountId: name, accessToken: name, accessExpireTime: { seconds: BigInt(Number.MAX_SAFE_INTEGER) } };
}

function instrument(symbol: string) {
  const terms = { symbol, tickSize: '0.01', lotSize: '1', referencePrice: '100.00', state: TradingState.CONTINUOUS };
  return create(InstrumentSchema, terms);
}
