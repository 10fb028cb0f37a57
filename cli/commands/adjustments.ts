import {
  type AdjustAccountResponse,
  type Adjustment,
  AdjustmentSchema,
  LedgerAdminService,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { Command } from '../command/command.ts';
import { readDecimal } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { adjustAccount } from '../journal/keyed-rpcs.ts';
import type { Column } from '../output/table.ts';
import { timeWord } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { limitOption, readPages } from './pages.ts';

const columns: readonly Column<Adjustment>[] = [
  { title: 'TIME', value: ({ time }) => timeWord(time) },
  { title: 'ADJUSTMENT', value: ({ adjustmentId }) => adjustmentId },
  { title: 'ACCOUNT', value: ({ accountId }) => accountId },
  { title: 'AMOUNT', value: ({ amount }) => amount, isNumber: true },
  { title: 'ASSET', value: ({ asset }) => asset },
  { title: 'REASON', value: ({ reason }) => reason },
  { title: 'CORRECTS', value: ({ reference }) => reference },
  { title: 'BY', value: ({ adjustedBy }) => adjustedBy },
];

/** Corrections of accounts by administrators. */
export const adjustmentCommands: readonly Command[] = [
  {
    name: 'adjust',
    summary: 'correct the cash or shares of an account, with a reason that its owner reads (administrators)',
    details: [
      "  outcry adjust ACCOUNT add 4.95 USD --reason 'a fee was taken twice'",
      "  outcry adjust ACCOUNT take 3 ACME --reason 'issued to the wrong account'",
    ].join('\n'),
    arguments: [
      { name: 'ACCOUNT', help: 'its id' },
      { name: 'WAY', help: 'add or take' },
      { name: 'AMOUNT', help: 'decimal, at most 1000000' },
      { name: 'ASSET', help: 'USD or a symbol' },
    ],
    options: [
      { name: 'reason', value: 'TEXT', help: 'why; needed' },
      { name: 'reference', value: 'ID', help: 'the trade or transfer that is corrected' },
      { name: 'cost', value: 'AMOUNT', help: 'what added shares cost in all (default nothing)' },
      keyOption,
    ],
    async run(context, input) {
      const [accountId, way, asset] = [input.at(0), input.at(1), input.at(3).toUpperCase()];
      const amount = readDecimal(input.at(2), 'AMOUNT');
      const reason = input.text('reason') ?? '';
      if (way !== 'add' && way !== 'take') throw new UsageError(`WAY is to be add or take, not '${way}'`);
      if (reason === '') throw new UsageError('adjust needs --reason');
      const terms = { accountId, asset, amount: way === 'add' ? amount : `-${amount}`, reason };
      const more = { reference: input.text('reference') ?? '', cost: input.decimal('cost') ?? '' };
      const show = ({ adjustment }: AdjustAccountResponse) => {
        if (adjustment === undefined) return;
        const fields = columns.map(({ title, value }) => [title.toLowerCase(), value(adjustment)] as const);
        context.print.one(AdjustmentSchema, adjustment, fields);
      };
      const call = { rpc: adjustAccount, request: { ...terms, ...more }, key: input.text('key'), show };
      await callKeyed(keyedContext(context), call);
    },
  },
  {
    name: 'adjustments',
    summary: 'corrections of all accounts or of one, newest first (operators)',
    arguments: [{ name: 'ACCOUNT', help: 'its id', count: 'optional' }],
    options: [limitOption],
    async run({ api, print }, input) {
      const rows = await readPages(input, async (page) => {
        const request = { ...page, accountId: input.at(0) };
        const answer = await api.call(LedgerAdminService.method.listAdjustments, request);
        return { rows: answer.adjustments, nextPageToken: answer.nextPageToken };
      });
      print.list(AdjustmentSchema, rows, { columns, empty: 'no adjustments' });
    },
  },
];
