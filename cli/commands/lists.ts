/** Lists of orders that depend on each other: an entry with exits, and two exits of which one trades. */
import { create } from '@bufbuild/protobuf';
import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  OrderSchema,
  OrderService,
  type OrderTerms,
  OrderTermsSchema,
  type PlaceOrderListResponse,
  PlaceOrderListResponseSchema,
  PreviewOrderListResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext, OptionSpec } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import { type Input, readDecimal, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { placeOrderList } from '../journal/keyed-rpcs.ts';
import { enumName } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { orderColumns } from './order-columns.ts';
import { readTimeInForce, readTrail, timesInForce } from './order-kinds.ts';

type List = { type: ListType; terms: OrderTerms[] };

const sides: Readonly<Record<string, Side>> = { buy: Side.BUY, sell: Side.SELL };
const arguments_ = [
  { name: 'SIDE', help: 'buy or sell', choices: Object.keys(sides) },
  { name: 'SYMBOL', help: 'what to trade' },
  { name: 'QUANTITY', help: 'shares, decimal' },
];
const exitOptions: readonly OptionSpec[] = [
  { name: 'take-profit', value: 'PRICE', help: 'exit: a limit order at this price' },
  { name: 'stop-loss', value: 'PRICE', help: 'exit: wait until a trade reaches this price' },
  { name: 'stop-loss-limit', value: 'PRICE', help: 'with --stop-loss: a limit order at this price then' },
  { name: 'trail', value: 'TRAIL', help: 'exit: a stop price that follows the market, 2.50 or 1.5% from it' },
  { name: 'exit-tif', value: 'TIME', help: 'time in force of the exits (default gtc)', choices: ['gtc', 'day'] },
];
const commonOptions: readonly OptionSpec[] = [
  { name: 'preview', help: 'what it would hold, and whether it would be refused' },
  { ...keyOption, help: `${keyOption.help}; its orders have it with -1, -2, -3` },
];

/** `outcry bracket`, `outcry oco` and `outcry list`. */
export const listCommands: readonly Command[] = [
  {
    name: 'bracket',
    summary: 'an order with exits that grow as it trades, of which one trades',
    details:
      'The exits are of the other side and wait until the order trades. With one exit it is an OTO.\n\n' +
      '  outcry bracket buy ACME 5 --limit 170.00 --take-profit 190.00 --stop-loss 160.00\n' +
      '  outcry bracket buy ACME 5 --trail 1.5%',
    arguments: arguments_,
    options: [
      { name: 'limit', value: 'PRICE', help: 'limit of the entry (without it and --stop: market order)' },
      { name: 'stop', value: 'PRICE', help: 'the entry waits until a trade reaches this price' },
      { name: 'tif', value: 'TIME', help: 'time in force of the entry', choices: Object.keys(timesInForce) },
      ...exitOptions,
      ...commonOptions,
    ],
    run: (context, input) => run(context, input, readBracket(input)),
  },
  {
    name: 'oco',
    summary: 'two orders of one side of which one trades',
    details: '  outcry oco sell ACME 5 --take-profit 190.00 --stop-loss 160.00',
    arguments: arguments_,
    options: [...exitOptions, ...commonOptions],
    run: (context, input) => run(context, input, readOco(input)),
  },
  {
    name: 'list',
    summary: 'the orders of a list, by its id or by your key',
    arguments: [{ name: 'LIST', help: 'its id', count: 'optional' }],
    options: [{ name: 'key', value: 'KEY', help: 'the key that it was placed under' }],
    async run({ api, print }, input) {
      const clientListId = input.text('key') ?? '';
      if ((clientListId === '') === (input.at(0) === '')) throw new UsageError('list needs LIST or --key');
      const { orders } = await api.call(OrderService.method.getOrderList, { listId: input.at(0), clientListId });
      print.list(OrderSchema, orders, { columns: orderColumns, empty: 'no orders' });
    },
  },
];

function readBracket(input: Input): List {
  const { side, common } = readCommon(input);
  const [limit, stop] = [input.decimal('limit'), input.decimal('stop')];
  const stopType = limit === undefined ? OrderType.STOP : OrderType.STOP_LIMIT;
  const plainType = limit === undefined ? OrderType.MARKET : OrderType.LIMIT;
  const entry = create(OrderTermsSchema, {
    ...common,
    side,
    type: stop === undefined ? plainType : stopType,
    timeInForce: readTimeInForce(input, 'tif'),
    limitPrice: limit ?? '',
    stopPrice: stop ?? '',
  });
  const exits = readExits(input, common, side === Side.BUY ? Side.SELL : Side.BUY);
  if (exits.length === 0) throw new UsageError('bracket needs --take-profit, --stop-loss or --trail');
  return { type: exits.length === 1 ? ListType.OTO : ListType.BRACKET, terms: [entry, ...exits] };
}

function readOco(input: Input): List {
  const { side, common } = readCommon(input);
  const exits = readExits(input, common, side);
  if (exits.length < 2) throw new UsageError('oco needs --take-profit, and --stop-loss or --trail');
  return { type: ListType.OCO, terms: exits };
}

type Common = Pick<OrderTerms, 'symbol' | 'size'>;

function readCommon(input: Input): { side: Side; common: Common } {
  const side = sides[input.at(0)];
  if (side === undefined) throw new UsageError('SIDE is buy or sell');
  const size = { case: 'quantity', value: readDecimal(input.at(2), 'QUANTITY') } as const;
  return { side, common: { symbol: readSymbol(input.at(1)), size } };
}

/** A limit, and a stop of one kind; what was not asked for is left out. */
function readExits(input: Input, common: Common, side: Side): OrderTerms[] {
  const [profit, loss, lossLimit] = ['take-profit', 'stop-loss', 'stop-loss-limit'].map((name) => input.decimal(name));
  const trail = input.text('trail');
  if (loss !== undefined && trail !== undefined) throw new UsageError('a list has --stop-loss or --trail, not both');
  if (lossLimit !== undefined && loss === undefined) throw new UsageError('--stop-loss-limit needs --stop-loss');
  const base = { ...common, side, timeInForce: readTimeInForce(input, 'exit-tif') };
  const exits: OrderTerms[] = [];
  const add = (more: Omit<Partial<OrderTerms>, '$typeName' | '$unknown'>) =>
    exits.push(create(OrderTermsSchema, { ...base, ...more }));
  if (profit !== undefined) add({ type: OrderType.LIMIT, limitPrice: profit });
  if (loss !== undefined) {
    const type = lossLimit === undefined ? OrderType.STOP : OrderType.STOP_LIMIT;
    add({ type, stopPrice: loss, limitPrice: lossLimit ?? '' });
  }
  if (trail !== undefined) add({ type: OrderType.TRAILING_STOP, trail: readTrail(trail) });
  return exits;
}

async function run(context: CommandContext, input: Input, list: List) {
  if (input.flag('preview')) return preview(context, list);
  const { type, terms } = list;
  const key = input.text('key');
  if (key !== undefined && key.length > keyLengthMax) {
    throw new UsageError(`--key of a list takes ${keyLengthMax} characters at most`);
  }
  await callKeyed(keyedContext(context), {
    rpc: placeOrderList,
    request: { type, orders: terms.map((each) => ({ terms: each })) },
    key,
    show: (answer) => show(context, answer),
  });
  return undefined;
}

// The orders have two characters more.
const keyLengthMax = 62;

function show({ print }: CommandContext, answer: PlaceOrderListResponse): void {
  if (print.isJson) print.one(PlaceOrderListResponseSchema, answer, []);
  else print.list(OrderSchema, answer.orders, { columns: orderColumns, empty: 'no orders' });
}

async function preview({ api, print }: CommandContext, { type, terms: orders }: List) {
  const answer = await api.call(OrderService.method.previewOrderList, { type, orders });
  const { refusal } = answer;
  print.one(PreviewOrderListResponseSchema, answer, [
    ...answer.orders.map(
      ({ quantity, limitPrice }, index) => [`order ${index + 1}`, `${quantity} at ${limitPrice}`] as const,
    ),
    ['cash held', answer.holdCash],
    ['shares held', answer.holdQuantity],
    ['refused', refusal === undefined ? '' : enumName(ErrorReasonSchema, refusal.reason)],
    ...Object.entries(refusal?.metadata ?? {}),
  ]);
  return refusal === undefined ? exitCode.done : exitCode.refused;
}
