import type { MessageShape } from '@bufbuild/protobuf';
import {
  CancelAllOrdersResponseSchema,
  FillSchema,
  type Order,
  OrderCancelReason,
  OrderSchema,
  OrderService,
  OrderStatus,
  type StreamOrdersResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { SideSchema } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CallFailure } from '../call/call-failure.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { cancelAllOrders } from '../journal/keyed-rpcs.ts';
import { enumWord } from '../output/words.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { fillColumns, orderColumns, orderFields, statusWords } from './order-columns.ts';
import { limitOption, readPages } from './pages.ts';

const symbolOption = { name: 'symbol', value: 'SYMBOL', help: 'only those of this symbol' };

/** What concerns orders that were placed. */
export const orderCommands: readonly Command[] = [
  {
    name: 'orders',
    summary: 'your orders, newest change first',
    options: [
      { name: 'open', help: 'only those that are not final' },
      symbolOption,
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
    options: [{ name: 'order', value: 'ORDER', help: 'only those of this order' }, limitOption],
    async run({ api, print }, input) {
      const fills = await readPages(input, async (page) => {
        const answer = await api.call(OrderService.method.listFills, { ...page, orderId: input.text('order') });
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
  const filter = { openOnly: input.flag('open'), symbol: readSymbol(input.text('symbol') ?? '') };
  const orders = await readPages(input, async (page) => {
    const answer = await api.call(OrderService.method.listOrders, { ...page, ...filter });
    return { rows: answer.orders, nextPageToken: answer.nextPageToken };
  });
  print.list(OrderSchema, orders, { columns: orderColumns, empty: 'no orders' });
  return undefined;
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

async function cancelAll(context: CommandContext, input: Input): Promise<void> {
  await callKeyed(keyedContext(context), {
    rpc: cancelAllOrders,
    request: { symbol: readSymbol(input.text('symbol') ?? '') },
    key: input.text('key'),
    show(answer) {
      context.print.one(CancelAllOrdersResponseSchema, answer, [
        ['cancels requested', String(answer.requestedCount)],
        ['not sent yet', answer.unsentCount === 0 ? '' : String(answer.unsentCount)],
      ]);
    },
  });
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
