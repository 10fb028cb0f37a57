import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  OrderSchema,
  OrderService,
  type OrderTerms,
  PreviewOrderResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { placeOrder } from '../journal/keyed-rpcs.ts';
import { enumName } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { orderFields } from './order-columns.ts';
import { kindOptions, readKindTerms } from './order-kinds.ts';
import { readSize } from './order-terms.ts';

/** `outcry buy` and `outcry sell`. */
export const placeCommands: readonly Command[] = [
  placeCommand(
    'buy',
    Side.BUY,
    'outcry buy ACME 5      outcry buy ACME --amount 500      outcry buy ACME 5 --limit 170.00 --tif day',
  ),
  placeCommand(
    'sell',
    Side.SELL,
    'outcry sell ACME 5      outcry sell ACME 5 --stop 160.00      outcry sell ACME 5 --trail 1.5%',
  ),
];

function placeCommand(name: string, side: Side, examples: string): Command {
  return {
    name,
    summary: `${name} shares at market, at a limit or at a stop`,
    details: `The order is printed as the exchange has answered; later fills are in \`outcry orders\`.\n\n  ${examples}`,
    arguments: [
      { name: 'SYMBOL', help: 'what to trade' },
      { name: 'QUANTITY', help: 'shares, decimal', count: 'optional' },
    ],
    options: [
      ...kindOptions,
      { name: 'preview', help: 'what it would cost, and whether it would be refused' },
      keyOption,
    ],
    run(context, input) {
      const terms = readKindTerms(input, { symbol: readSymbol(input.at(0)), side, size: readSize(input, input.at(1)) });
      return input.flag('preview') ? preview(context, terms) : place(context, input, terms);
    },
  };
}

async function place(context: CommandContext, input: Input, terms: OrderTerms): Promise<undefined> {
  await callKeyed(keyedContext(context), {
    rpc: placeOrder,
    request: { terms },
    key: input.text('key'),
    show({ order }) {
      if (order !== undefined) context.print.one(OrderSchema, order, orderFields(order));
    },
  });
}

async function preview({ api, print }: CommandContext, terms: OrderTerms) {
  const answer = await api.call(OrderService.method.previewOrder, { terms });
  const { refusal } = answer;
  print.one(PreviewOrderResponseSchema, answer, [
    ['quantity', answer.quantity],
    ['limit', answer.limitPrice],
    ['greatest cost', answer.holdCash],
    ['greatest fee', answer.feeMax],
    ['refused', refusal === undefined ? '' : enumName(ErrorReasonSchema, refusal.reason)],
    ...Object.entries(refusal?.metadata ?? {}),
  ]);
  return refusal === undefined ? exitCode.done : exitCode.refused;
}
