/** Commands for tests of the journal's formats: at least one of each kind, with and without each of the richer fields. */
import { ListType, OrderType, SelfTrade, Side, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import { type Command, noBreaker, plainChange } from '../../engine/model/commands.ts';
import { orderId as sampleId, order as sampleOrder, startMs } from '../../engine/testing/driver.ts';

const big = 2_147_483_647;
const book = { symbol: 'ACME', tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 5, referencePriceTicks: 100 };
const keyed = { commandId: 'c-ü', orderId: sampleId(1), accountId: sampleId(7), symbol: 'ACME' };
const { STOP, STOP_LIMIT, TRAILING_STOP, ICEBERG } = OrderType;

/** At least one command of each kind, and orders of each type. */
export const sampleCommands: readonly Command[] = [
  { kind: 'rules', version: 2 },
  { kind: 'list', listing: { ...book, ...noBreaker } },
  {
    kind: 'list',
    listing: { ...book, symbol: 'B.C', breakerBps: 700, breakerHaltMs: 5_000, breakerAuctionMs: 86_400_000 },
  },
  sampleOrder(1, { postOnly: true, slide: true, selfTradeGroup: 'desk', priceTicks: big, quantityLots: 1 }),
  sampleOrder(2, { accountId: sampleId(7), side: Side.SELL, selfTrade: SelfTrade.DECREMENT, sessionId: 's-1' }),
  sampleOrder(3, { type: STOP, stopPriceTicks: big, selfTradeGroup: sampleId(9), timeInForce: TimeInForce.DAY }),
  sampleOrder(4, {
    type: STOP_LIMIT,
    stopPriceTicks: 1,
    timeInForce: TimeInForce.GTD,
    expireTimeMs: 253_402_300_799_999,
  }),
  sampleOrder(5, { type: TRAILING_STOP, trailTicks: 300, timeInForce: TimeInForce.AT_OPEN }),
  sampleOrder(6, { type: TRAILING_STOP, trailBps: 9_999, timeInForce: TimeInForce.AT_CLOSE }),
  sampleOrder(7, { type: ICEBERG, displayLots: 2, selfTrade: SelfTrade.CANCEL_BOTH }),
  sampleOrder(8, { minimumLots: 10, timeInForce: TimeInForce.IOC, selfTrade: SelfTrade.CANCEL_OLDEST }),
  sampleOrder(9, { timeInForce: TimeInForce.FOK, accountId: 'ü'.repeat(40), withinBand: true }),
  sampleOrder(10, { timeInForce: TimeInForce.IOC, valueMax: Number.MAX_SAFE_INTEGER }),
  sampleOrder(11, { timeInForce: TimeInForce.FOK, valueMax: 1, withinBand: true, selfTradeGroup: 'desk' }),
  {
    kind: 'submitList',
    listId: sampleId(20),
    type: ListType.BRACKET,
    orders: [
      sampleOrder(21, { sessionId: sampleId(30) }),
      sampleOrder(22, { side: Side.SELL, priceTicks: 110, sessionId: sampleId(30) }),
      sampleOrder(23, { side: Side.SELL, type: TRAILING_STOP, trailBps: 1, sessionId: sampleId(30) }),
    ],
  },
  { kind: 'cancel', ...keyed },
  { kind: 'replace', ...keyed, expectedRevision: 300, priceTicks: 5, quantityLots: big, ...plainChange },
  {
    kind: 'replace',
    ...keyed,
    expectedRevision: 1,
    priceTicks: 5,
    quantityLots: 1,
    ...plainChange,
    stopPriceTicks: big,
  },
  { kind: 'replace', ...keyed, expectedRevision: 1, priceTicks: 5, quantityLots: 1, ...plainChange, trailBps: 9_999 },
  {
    ...{ kind: 'replace', ...keyed, expectedRevision: 1, priceTicks: 5, quantityLots: 1, stopPriceTicks: 0 },
    ...{ trailTicks: big, trailBps: 0, expireTimeMs: 253_402_300_799_999 },
  },
  { kind: 'cancelAll', commandId: 'x', accountId: '', symbol: 'ACME', side: 2 },
  { kind: 'cancelAll', commandId: sampleId(40), accountId: 'a', symbol: '', side: 0 },
  { kind: 'void', orderId: sampleId(2), idTimeMs: startMs, accountId: 'a', symbol: 'B.C' },
  { kind: 'setState', commandId: sampleId(3), symbol: 'ACME', state: TradingState.CLOSING_AUCTION },
  { kind: 'keepAlive', sessionId: 's-1', accountId: 'a', ttlMs: 3_600_000 },
  { kind: 'split', commandId: 'split', symbol: 'ACME', numerator: 1_000, denominator: 3 },
  { kind: 'time' },
];
