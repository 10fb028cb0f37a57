/** Automations as people read them. */
import {
  PriceDirection,
  type Rule,
  RuleSchema,
  RuleStateSchema,
  type RuleTerms,
  type SliceProgress,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import type { OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { CommandContext } from '../command/command.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';

/** What lists show of automations. */
export const ruleColumns: readonly Column<Rule>[] = [
  { title: 'RULE', value: ({ ruleId }) => ruleId },
  { title: 'STATE', value: ({ state }) => enumWord(RuleStateSchema, state) },
  { title: 'WHEN', value: ({ terms }) => triggerWords(terms) },
  { title: 'DOES', value: ({ terms }) => actionWords(terms) },
  { title: 'NEXT', value: ({ nextRunTime }) => timeWord(nextRunTime) },
  { title: 'NAME', value: ({ terms }) => terms?.name ?? '' },
];

/** Prints one automation. */
export function printRule(print: CommandContext['print'], rule: Rule): void {
  const fields = ruleColumns.map(({ title, value }) => [title.toLowerCase(), value(rule)] as const);
  print.one(RuleSchema, rule, fields);
}

/** How far a slice was worked; empty for other runs. */
export function workedWords(slice: SliceProgress | undefined): string {
  return slice === undefined ? '' : `${slice.filledQuantity} of ${slice.quantity}`;
}

function triggerWords(terms: RuleTerms | undefined): string {
  const { trigger } = terms ?? {};
  if (trigger?.case === 'once') return `once ${timeWord(trigger.value.startTime)}`;
  if (trigger?.case === 'schedule') return `${trigger.value.cron} ${trigger.value.timeZone || 'UTC'}`;
  if (trigger?.case !== 'condition') return '';
  const { symbol, direction, price } = trigger.value;
  return `${symbol} ${direction === PriceDirection.AT_OR_ABOVE ? '>=' : '<='} ${price}`;
}

function actionWords(terms: RuleTerms | undefined): string {
  const { action } = terms ?? {};
  switch (action?.case) {
    case 'alert':
      return 'alert';
    case 'order':
      return orderWords(action.value);
    case 'slice': {
      const { order, orderCount, duration } = action.value;
      const seconds = Number(duration?.seconds ?? 0n);
      return `${order === undefined ? '' : orderWords(order)} in ${orderCount} orders over ${seconds} s`;
    }
    default:
      return '';
  }
}

function orderWords({ side, size, symbol, limitPrice }: OrderTerms): string {
  const much = size.case === 'amount' ? `for ${size.value}` : (size.value ?? '');
  const words = [side === Side.BUY ? 'buy' : 'sell', much, symbol, limitPrice === '' ? '' : `at ${limitPrice}`];
  return words.filter((word) => word !== '').join(' ');
}
