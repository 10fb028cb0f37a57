/** What ends orders and positions in numbers: `outcry cancel-all`, `outcry close`. */

import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  CancelAllOrdersResponseSchema,
  type CloseAllPositionsResponse,
  ClosePositionResultSchema,
  OrderSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import { type Input, readDecimal, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { cancelAllOrders, closeAllPositions, closePosition } from '../journal/keyed-rpcs.ts';
import { enumName } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { readSide, sideOption } from './list-filters.ts';
import { orderFields, statusWords } from './order-columns.ts';

/** Cancels and sales of all there is. */
export const closeCommands: readonly Command[] = [
  {
    name: 'cancel-all',
    summary: 'cancel all your open orders, or those of a symbol or side',
    options: [{ name: 'symbol', value: 'SYMBOL', help: 'only those of this symbol' }, sideOption, keyOption],
    run: cancelAll,
  },
  {
    name: 'close',
    summary: 'sell what you have of a symbol, or of all, at market',
    details: `Shares that open orders hold are not sold, but for --cancel-orders. What cannot trade at once stays with you.

  outcry close ACME      outcry close ACME 5      outcry close ACME --percent 50      outcry close --all --cancel-orders`,
    arguments: [
      { name: 'SYMBOL', help: 'what to sell', count: 'optional' },
      { name: 'QUANTITY', help: 'shares, decimal (default all that are available)', count: 'optional' },
    ],
    options: [
      { name: 'percent', value: 'PERCENT', help: 'this part of what is available, up to 100' },
      { name: 'all', help: 'every position' },
      { name: 'cancel-orders', help: 'with --all: cancel all open orders first' },
      keyOption,
    ],
    run: (context, input) => (input.flag('all') ? closeAll(context, input) : closeOne(context, input)),
  },
];

/** Cancels all that is open, as far as the options name a symbol or a side. */
export async function cancelAll(context: CommandContext, input: Input): Promise<undefined> {
  await callKeyed(keyedContext(context), {
    rpc: cancelAllOrders,
    request: { symbol: readSymbol(input.text('symbol') ?? ''), side: readSide(input) },
    key: input.text('key'),
    show(answer) {
      context.print.one(CancelAllOrdersResponseSchema, answer, [
        ['cancels requested', String(answer.requestedCount)],
        ['not sent yet', answer.unsentCount === 0 ? '' : String(answer.unsentCount)],
      ]);
    },
  });
}

async function closeOne(context: CommandContext, input: Input) {
  if (input.at(0) === '') throw new UsageError('close needs SYMBOL or --all');
  if (input.flag('cancel-orders')) throw new UsageError('--cancel-orders needs --all');
  await callKeyed(keyedContext(context), {
    rpc: closePosition,
    request: { symbol: readSymbol(input.at(0)), part: readPart(input) },
    key: input.text('key'),
    show({ order }) {
      if (order !== undefined) context.print.one(OrderSchema, order, orderFields(order));
    },
  });
  return undefined;
}

function readPart(input: Input) {
  const percentage = input.decimal('percent');
  if (percentage !== undefined && input.at(1) !== '')
    throw new UsageError('close takes QUANTITY or --percent, not both');
  if (percentage !== undefined) return { case: 'percentage' as const, value: percentage };
  if (input.at(1) === '') return { case: undefined };
  return { case: 'quantity' as const, value: readDecimal(input.at(1), 'QUANTITY') };
}

async function closeAll(context: CommandContext, input: Input) {
  if (input.at(0) !== '' || input.text('percent') !== undefined)
    throw new UsageError('close takes SYMBOL or --all, not both');
  let isWhole = true;
  await callKeyed(keyedContext(context), {
    rpc: closeAllPositions,
    request: { cancelOrders: input.flag('cancel-orders') },
    key: input.text('key'),
    show(answer) {
      isWhole = answer.leftCount === 0 && answer.results.every(({ outcome }) => outcome.case === 'order');
      showClosed(context, answer);
    },
  });
  return isWhole ? exitCode.done : exitCode.refused;
}

function showClosed({ print }: CommandContext, { results, leftCount }: CloseAllPositionsResponse): void {
  print.list(ClosePositionResultSchema, results, {
    columns: [
      { title: 'SYMBOL', value: ({ symbol }) => symbol },
      { title: 'ORDER', value: ({ outcome }) => (outcome.case === 'order' ? outcome.value.orderId : '') },
      {
        title: 'QUANTITY',
        value: ({ outcome }) => (outcome.case === 'order' ? outcome.value.quantity : ''),
        isNumber: true,
      },
      {
        title: 'FILLED',
        value: ({ outcome }) => (outcome.case === 'order' ? outcome.value.filledQuantity : ''),
        isNumber: true,
      },
      {
        title: 'STATUS',
        value: ({ outcome }) => {
          if (outcome.case === 'order') return statusWords(outcome.value);
          return outcome.case === 'error' ? `refused: ${enumName(ErrorReasonSchema, outcome.value.reason)}` : '';
        },
      },
    ],
    empty: 'no positions',
  });
  if (leftCount > 0) print.note(`${leftCount} more positions were left alone: give the command again`);
}
