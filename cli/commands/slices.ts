/** `outcry slice buy` and `outcry slice sell`: a large order in slices. */
import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { type RuleTerms, RuleTermsSchema, SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readDecimal, readSymbol } from '../input/input.ts';
import { readSpan } from '../input/time.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { createRule } from '../journal/keyed-rpcs.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { printRule } from './rule-words.ts';

const details = `The orders are IOC. \`outcry rules runs RULE\` shows how far it is; \`rules pause\`, \`rules resume\` and \`rules delete\` hold it.

  outcry slice buy ACME 500 --over 1h
  outcry slice sell ACME 500 --over 6h --vwap --max-percent 10 --limit 150.00`;

/** A large order that is worked in slices. */
export const sliceCommands: readonly Command[] = [sliceCommand('buy', Side.BUY), sliceCommand('sell', Side.SELL)];

function sliceCommand(verb: string, side: Side): Command {
  return {
    name: `slice ${verb}`,
    summary: `${verb} many shares by many orders over a time`,
    details,
    arguments: [
      { name: 'SYMBOL', help: 'what to trade' },
      { name: 'QUANTITY', help: 'shares in all, decimal' },
    ],
    options: [
      { name: 'over', value: 'TIME', help: 'from the start to the end, 2s to 24h, e.g. 90s, 45m or 6h' },
      { name: 'start', value: 'TIME', help: 'when it begins, e.g. 2026-03-01T14:30:00Z (default at once)' },
      { name: 'vwap', help: 'in proportion to what was traded at these times in the days before (default evenly)' },
      { name: 'orders', value: 'COUNT', help: 'orders, 2 to 500 (default one a minute)' },
      { name: 'max-percent', value: 'PERCENT', help: 'the most of what was traded since the order before, 0.01 to 50' },
      { name: 'limit', value: 'PRICE', help: 'no order trades beyond this price' },
      { name: 'name', value: 'NAME', help: 'for lists, 1 to 80 characters' },
      keyOption,
    ],
    run: (context, input) => arrange(context, readSliceTerms(input, verb, side), input.text('key')),
  };
}

async function arrange(context: CommandContext, terms: RuleTerms, key: string | undefined): Promise<undefined> {
  await callKeyed(keyedContext(context), {
    rpc: createRule,
    request: { terms },
    key,
    show({ rule }) {
      if (rule !== undefined) printRule(context.print, rule);
    },
  });
}

/** The terms of an automation that works an order in slices. Throws UsageError. */
export function readSliceTerms(input: Input, verb: string, side: Side): RuleTerms {
  const symbol = readSymbol(input.at(0));
  const quantity = readDecimal(input.at(1), 'QUANTITY');
  const over = input.text('over');
  if (over === undefined) throw new UsageError(`slice ${verb} needs --over`);
  const limitPrice = input.decimal('limit') ?? '';
  const type = limitPrice === '' ? OrderType.MARKET : OrderType.LIMIT;
  const order = { symbol, side, type, size: { case: 'quantity' as const, value: quantity }, limitPrice };
  return create(RuleTermsSchema, {
    name: input.text('name') ?? `${verb} ${quantity} ${symbol} in slices`,
    trigger: { case: 'once', value: { startTime: input.time('start') } },
    action: {
      case: 'slice',
      value: {
        order,
        algorithm: input.flag('vwap') ? SliceAlgorithm.VWAP : SliceAlgorithm.TWAP,
        duration: durationFromMs(readSpan(over, '--over')),
        orderCount: input.whole('orders', { min: 2, max: 500 }) ?? 0,
        maxPercent: input.decimal('max-percent') ?? '',
      },
    },
  });
}
