import type { MessageShape } from '@bufbuild/protobuf';
import {
  FillSchema,
  type Order,
  OrderCancelReason,
  OrderSchema,
  OrderService,
  OrderSort,
  OrderStatus,
  type StreamOrdersResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { SideSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CallFailure } from '../call/call-failure.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { enumWord } from '../output/words.ts';
import { cancelAll } from './close.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { keyOption } from './keyed.ts';
import { oldestOption, readChoices, readSide, readTimes, sideOption, timeOptions } from './list-filters.ts';
import { fillColumns, orderColumns, orderFields, statusWords } from './order-columns.ts';
import { limitOption, readPages } from './pages.ts';

const statuses: Readonly<Record<string, OrderStatus>> = {
  pending: OrderStatus.PENDING,
  open: OrderStatus.OPEN,
  'partially-filled': OrderStatus.PARTIALLY_FILLED,
  filled: OrderStatus.FILLED,
  cancelled: OrderStatus.CANCELLED,
  rejected: OrderStatus.REJECTED,
};
const symbolOption = { name: 'symbol', value: 'SYMBOL', help: 'only those of this symbol' };

/** What concerns orders that were placed. */
export const orderCommands: readonly Command[] = [
  {
    name: 'orders',
    summary: 'your orders, newest change first',
    details: `  outcry orders --status filled,cancelled --symbol ACME --since 7d      outcry orders --by-creation --oldest`,
    options: [
      { name: 'open', help: 'only those that are not final' },
      { name: 'status', value: 'STATUS', help: `only with these, with commas: ${Object.keys(statuses).join(', ')}` },
      { ...symbolOption, help: 'only those of this symbol, or of several, with commas' },
      sideOption,
      ...timeOptions,
      { name: 'prefix', value: 'KEY', help: 'only those whose key begins with this' },
      { name: 'list', value: 'LIST', help: 'only those of this list' },
      { name: 'by-creation', help: 'the newest order first, whatever changed since' },
      { ...oldestOption, help: 'with --by-creation: the oldest first' },
      limitOption,
      watchOption,
      countOption,
    ],
    run: (context, input) => (input.flag('watch') ? watchOrders(context, input) : listOrders(context, input)),
  },
  {
    name: 'order',
    summary: 'one order, by its id or by your key',
    arguments: [{ name: 'ORDER', help: 'its id', count: 'optional' }],
    options: [{ name: 'key', value: 'KEY', help: 'the key that it was placed under' }],
    async run({ api, print }, input) {
      const clientOrderId = input.text('key') ?? '';
      if ((clientOrderId === '') === (input.at(0) === '')) throw new UsageError('order needs ORDER or --key');
      const { order } = await api.call(OrderService.method.getOrder, { orderId: input.at(0), clientOrderId });
      if (order !== undefined) print.one(OrderSchema, order, orderFields(order));
    },
  },
  {
    name: 'fills',
    summary: 'your fills, newest first',
    options: [
      { name: 'order', value: 'ORDER', help: 'only those of this order' },
      symbolOption,
      sideOption,
      ...timeOptions,
      oldestOption,
      limitOption,
    ],
    async run({ api, print }, input) {
      const filter = {
        orderId: input.text('order'),
        symbol: readSymbol(input.text('symbol') ?? ''),
        side: readSide(input),
        ...readTimes(input),
        oldestFirst: input.flag('oldest'),
      };
      const fills = await readPages(input, async (page) => {
        const answer = await api.call(OrderService.method.listFills, { ...page, ...filter });
        return { rows: answer.fills, nextPageToken: answer.nextPageToken };
      });
      print.list(FillSchema, fills, { columns: fillColumns, empty: 'no fills' });
    },
  },
  {
    name: 'cancel',
    summary: 'cancel orders',
    details: 'An order that was cancelled before because you asked is no error: a repeat ends as the first.',
    arguments: [{ name: 'ORDER', help: 'ids', count: 'any' }],
    options: [
      { name: 'all', help: 'all that are open' },
      { ...symbolOption, help: 'with --all: only those of this symbol' },
      { ...sideOption, help: 'with --all: only those of this side' },
      keyOption,
    ],
    async run(context, input) {
      if (input.flag('all') === input.positionals.length > 0) throw new UsageError('cancel needs ORDER or --all');
      if (input.flag('all')) await cancelAll(context, input);
      for (const orderId of input.positionals) await cancelOne(context, orderId);
    },
  },
];

async function listOrders({ api, print }: CommandContext, input: Input) {
  const filter = readFilter(input);
  const orders = await readPages(input, async (page) => {
    const answer = await api.call(OrderService.method.listOrders, { ...page, ...filter });
    return { rows: answer.orders, nextPageToken: answer.nextPageToken };
  });
  print.list(OrderSchema, orders, { columns: orderColumns, empty: 'no orders' });
  return undefined;
}

function readFilter(input: Input) {
  if (input.flag('oldest') && !input.flag('by-creation')) throw new UsageError('--oldest needs --by-creation');
  const creation = input.flag('oldest') ? OrderSort.BY_CREATION_OLDEST_FIRST : OrderSort.BY_CREATION;
  return {
    openOnly: input.flag('open'),
    statuses: readChoices(input, 'status', statuses),
    symbols: input.text('symbol')?.split(',').map(readSymbol),
    side: readSide(input),
    ...readTimes(input),
    clientOrderIdPrefix: input.text('prefix'),
    listId: input.text('list'),
    sort: input.flag('by-creation') ? creation : OrderSort.BY_CHANGE,
  };
}

async function watchOrders({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  let resumeToken = '';
  const show = (order: Order) => {
    const { orderId, side, quantity, symbol, filledQuantity } = order;
    const words = [
      orderId,
      enumWord(SideSchema, side),
      quantity,
      symbol,
      `filled ${filledQuantity}`,
      statusWords(order),
    ];
    print.line(OrderSchema, order, words.join('  '));
  };
  const take = ({ message, resumeToken: token }: MessageShape<typeof StreamOrdersResponseSchema>) => {
    resumeToken = token === '' ? resumeToken : token;
    if (message.case === 'snapshot') return counter.count(message.value.orders, show);
    return message.case === 'order' ? counter.count([message.value], show) : true;
  };
  await follow(api, { method: OrderService.method.streamOrders, request: () => ({ resumeToken }), take, signal });
  return undefined;
}

async function cancelOne({ api, print }: CommandContext, orderId: string): Promise<void> {
  try {
    const { order } = await api.call(OrderService.method.cancelOrder, { orderId });
    if (order !== undefined) print.one(OrderSchema, order, orderFields(order));
  } catch (error) {
    if (!(error instanceof CallFailure) || error.reason !== 'ORDER_ALREADY_FINAL') throw error;
    const { order } = await api.call(OrderService.method.getOrder, { orderId });
    const wasAsked = order?.cancelReason === OrderCancelReason.REQUESTED;
    if (order?.status !== OrderStatus.CANCELLED || !wasAsked) throw error;
    print.one(OrderSchema, order, orderFields(order));
  }
}
