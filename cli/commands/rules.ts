import { create } from '@bufbuild/protobuf';
import {
  AutoService,
  PriceDirection,
  RuleSchema,
  type RuleTerms,
  RuleTermsSchema,
  RunOutcomeSchema,
  RunSchema,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readDecimal, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { createRule } from '../journal/keyed-rpcs.ts';
import { enumName, enumWord, timeWord } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { orderOptions, readOrderTerms } from './order-terms.ts';
import { limitOption, readPages } from './pages.ts';
import { printRule, ruleColumns, workedWords } from './rule-words.ts';

const ruleArgument = { name: 'RULE', help: 'its id' };

const addDetails = `  outcry rules add "every Monday" --cron "0 9 * * 1" --zone Europe/Zurich --buy ACME --amount 100
  outcry rules add "take profit" --above ACME=200 --sell ACME --quantity 5
  outcry rules add "look at it" --below ACME=150 --alert "ACME is cheap"`;

/** Automations. */
export const ruleCommands: readonly Command[] = [
  {
    name: 'rules',
    summary: 'your automations, newest first',
    options: [limitOption],
    async run({ api, print }, input) {
      const pageSizeMax = 100;
      const list = async (page: { pageSize: number; pageToken: string }) => {
        const answer = await api.call(AutoService.method.listRules, page);
        return { rows: answer.rules, nextPageToken: answer.nextPageToken };
      };
      print.list(RuleSchema, await readPages(input, list, pageSizeMax), { columns: ruleColumns, empty: 'no rules' });
    },
  },
  {
    name: 'rules add',
    summary: 'arrange an order or an alert, at times or on a price',
    details: addDetails,
    arguments: [{ name: 'NAME', help: 'for lists, 1 to 80 characters' }],
    options: [
      { name: 'cron', value: 'CRON', help: 'times: 5 fields, or 6 with seconds first' },
      { name: 'zone', value: 'ZONE', help: 'time zone of --cron, e.g. Europe/Zurich (default UTC)' },
      { name: 'above', value: 'SYMBOL=PRICE', help: 'once, when the last price is at or above' },
      { name: 'below', value: 'SYMBOL=PRICE', help: 'once, when the last price is at or below' },
      { name: 'buy', value: 'SYMBOL', help: 'what to buy' },
      { name: 'sell', value: 'SYMBOL', help: 'what to sell' },
      { name: 'quantity', value: 'SHARES', help: 'how many' },
      ...orderOptions,
      { name: 'alert', value: 'TEXT', help: 'a message instead of an order; only on a price' },
      keyOption,
    ],
    run: addRule,
  },
  stateCommand('pause', false),
  stateCommand('resume', true),
  {
    name: 'rules delete',
    summary: 'delete an automation; its runs stay',
    arguments: [ruleArgument],
    async run({ api, print }, input) {
      await api.call(AutoService.method.deleteRule, { ruleId: input.at(0) });
      print.plain({ ruleId: input.at(0), deleted: true }, 'deleted');
    },
  },
  {
    name: 'rules runs',
    summary: 'the runs of an automation, newest first',
    arguments: [ruleArgument],
    options: [limitOption],
    async run({ api, print }, input) {
      const ruleId = input.at(0);
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(AutoService.method.listRuns, { ...page, ruleId });
        return { rows: answer.runs, nextPageToken: answer.nextPageToken };
      });
      print.list(RunSchema, rows, {
        columns: [
          { title: 'DUE', value: ({ scheduledTime }) => timeWord(scheduledTime) },
          { title: 'OUTCOME', value: ({ outcome }) => enumWord(RunOutcomeSchema, outcome) },
          { title: 'ORDER', value: ({ orderId }) => orderId },
          { title: 'FILLED', value: ({ slice }) => workedWords(slice) },
          { title: 'REASON', value: ({ reason }) => (reason === 0 ? '' : enumName(ErrorReasonSchema, reason)) },
        ],
        empty: 'no runs',
      });
    },
  },
];

function stateCommand(verb: string, enabled: boolean): Command {
  return {
    name: `rules ${verb}`,
    summary: `${verb} an automation`,
    arguments: [ruleArgument],
    async run({ api, print }, input) {
      const { rule } = await api.call(AutoService.method.setRuleEnabled, { ruleId: input.at(0), enabled });
      if (rule !== undefined) printRule(print, rule);
    },
  };
}

async function addRule(context: CommandContext, input: Input): Promise<undefined> {
  const terms = create(RuleTermsSchema, { name: input.at(0), trigger: readTrigger(input), action: readAction(input) });
  await callKeyed(keyedContext(context), {
    rpc: createRule,
    request: { terms },
    key: input.text('key'),
    show({ rule }) {
      if (rule !== undefined) printRule(context.print, rule);
    },
  });
}

function readTrigger(input: Input): RuleTerms['trigger'] {
  const given = ['cron', 'above', 'below'].filter((name) => input.text(name) !== undefined);
  if (given.length !== 1) throw new UsageError('rules add needs one of --cron, --above and --below');
  const cron = input.text('cron');
  if (cron === undefined) return { case: 'condition', value: readCondition(input, given[0] ?? '') };
  return {
    case: 'schedule',
    value: { $typeName: 'outcry.auto.v1.Schedule', cron, timeZone: input.text('zone') ?? '' },
  };
}

function readCondition(input: Input, name: string) {
  const [symbol = '', price = '', ...rest] = (input.text(name) ?? '').split('=');
  if (symbol === '' || rest.length > 0) throw new UsageError(`--${name} is written SYMBOL=PRICE`);
  return {
    $typeName: 'outcry.auto.v1.PriceCondition' as const,
    symbol: readSymbol(symbol),
    direction: name === 'above' ? PriceDirection.AT_OR_ABOVE : PriceDirection.AT_OR_BELOW,
    price: readDecimal(price, `the price of --${name}`),
  };
}

function readAction(input: Input): RuleTerms['action'] {
  const [buy, sell, note] = ['buy', 'sell', 'alert'].map((name) => input.text(name));
  if ([buy, sell, note].filter((text) => text !== undefined).length !== 1) {
    throw new UsageError('rules add needs one of --buy, --sell and --alert');
  }
  if (note !== undefined) return { case: 'alert', value: { $typeName: 'outcry.auto.v1.Alert', note } };
  const side = buy === undefined ? Side.SELL : Side.BUY;
  const order = { side, symbol: buy ?? sell ?? '', quantity: input.text('quantity') ?? '' };
  return { case: 'order', value: readOrderTerms(input, order) };
}
