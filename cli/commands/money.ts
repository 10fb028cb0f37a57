import {
  type Balance,
  BalanceSchema,
  EntryKind,
  EntryKindSchema,
  HoldSchema,
  LedgerService,
  StatementEntrySchema,
  type Transfer,
  TransferKindSchema,
  TransferSchema,
  TransferStatusSchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import {
  type Portfolio,
  PortfolioSchema,
  PortfolioService,
  type Position,
} from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import { type Input, readDecimal } from '../input/input.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { deposit, withdraw } from '../journal/keyed-rpcs.ts';
import { type Column, renderRecord, renderTable } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { countOption, createCounter, watchOption } from './counter.ts';
import { follow } from './follow.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { oldestOption, readChoices, readTimes, timeOptions } from './list-filters.ts';
import { limitOption, readPages } from './pages.ts';

const entryKinds: Readonly<Record<string, EntryKind>> = {
  deposit: EntryKind.DEPOSIT,
  withdrawal: EntryKind.WITHDRAWAL,
  issue: EntryKind.ISSUE,
  trade: EntryKind.TRADE,
  fee: EntryKind.FEE,
  adjustment: EntryKind.ADJUSTMENT,
};

/** Cash and shares, and how they move. */
export const moneyCommands: readonly Command[] = [
  {
    name: 'positions',
    summary: 'your positions at the last prices, with profit and loss',
    options: [watchOption, countOption],
    run: (context, input) => (input.flag('watch') ? watchPositions(context, input) : showPositions(context)),
  },
  {
    name: 'balances',
    summary: 'your cash and shares: total, available, held',
    async run({ api, print }) {
      const { cash, shares } = await api.call(LedgerService.method.getBalances, {});
      const rows: Balance[] = cash === undefined ? shares : [cash, ...shares];
      print.list(BalanceSchema, rows, {
        columns: [
          { title: 'ASSET', value: ({ asset }) => asset },
          { title: 'TOTAL', value: ({ total }) => total, isNumber: true },
          { title: 'AVAILABLE', value: ({ available }) => available, isNumber: true },
          { title: 'HELD', value: ({ held }) => held, isNumber: true },
        ],
        empty: 'nothing',
      });
    },
  },
  {
    name: 'holds',
    summary: 'what each open order holds',
    options: [limitOption],
    async run({ api, print }, input) {
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(LedgerService.method.listHolds, page);
        return { rows: answer.holds, nextPageToken: answer.nextPageToken };
      });
      print.list(HoldSchema, rows, {
        columns: [
          { title: 'ORDER', value: ({ orderId }) => orderId },
          { title: 'ASSET', value: ({ asset }) => asset },
          { title: 'AMOUNT', value: ({ amount }) => amount, isNumber: true },
          { title: 'SINCE', value: ({ createTime }) => timeWord(createTime) },
        ],
        empty: 'no holds',
      });
    },
  },
  {
    name: 'statement',
    summary: 'every movement of cash and shares, newest first',
    options: [
      { name: 'kind', value: 'KIND', help: `only of these kinds, with commas: ${Object.keys(entryKinds).join(', ')}` },
      ...timeOptions,
      oldestOption,
      limitOption,
    ],
    async run({ api, print }, input) {
      const kinds = readChoices(input, 'kind', entryKinds);
      const filter = { kinds, ...readTimes(input), oldestFirst: input.flag('oldest') };
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(LedgerService.method.listStatement, { ...page, ...filter });
        return { rows: answer.entries, nextPageToken: answer.nextPageToken };
      });
      print.list(StatementEntrySchema, rows, {
        columns: [
          { title: 'TIME', value: ({ time }) => timeWord(time) },
          { title: 'KIND', value: ({ kind }) => enumWord(EntryKindSchema, kind) },
          { title: 'ASSET', value: ({ asset }) => asset },
          { title: 'AMOUNT', value: ({ amount }) => amount, isNumber: true },
          { title: 'REFERENCE', value: ({ reference }) => reference },
          { title: 'ORDER', value: ({ orderId }) => orderId },
          { title: 'REASON', value: ({ reason }) => reason },
        ],
        empty: 'no movements',
      });
    },
  },
  {
    name: 'transfers',
    summary: 'your deposits and withdrawals, newest first',
    options: [...timeOptions, oldestOption, limitOption],
    async run({ api, print }, input) {
      const filter = { ...readTimes(input), oldestFirst: input.flag('oldest') };
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(LedgerService.method.listTransfers, { ...page, ...filter });
        return { rows: answer.transfers, nextPageToken: answer.nextPageToken };
      });
      print.list(TransferSchema, rows, { columns: transferColumns, empty: 'no transfers' });
    },
  },
  transferCommand('deposit', deposit, 'bring cash in'),
  transferCommand('withdraw', withdraw, 'take cash out'),
];

const transferColumns: readonly Column<Transfer>[] = [
  { title: 'TRANSFER', value: ({ transferId }) => transferId },
  { title: 'KIND', value: ({ kind }) => enumWord(TransferKindSchema, kind) },
  { title: 'AMOUNT', value: ({ amount }) => amount, isNumber: true },
  { title: 'CURRENCY', value: ({ currency }) => currency },
  { title: 'STATUS', value: ({ status }) => enumWord(TransferStatusSchema, status) },
  { title: 'TIME', value: ({ createTime }) => timeWord(createTime) },
];

function transferCommand(name: string, rpc: typeof deposit | typeof withdraw, summary: string): Command {
  return {
    name,
    summary,
    details: `  outcry ${name} 1000.00`,
    arguments: [{ name: 'AMOUNT', help: 'decimal, in USD' }],
    options: [keyOption],
    async run(context, input) {
      const amount = readDecimal(input.at(0), 'AMOUNT');
      const show = ({ transfer }: { transfer?: Transfer }) => {
        if (transfer === undefined) return;
        const fields = transferColumns.map(({ title, value }) => [title.toLowerCase(), value(transfer)] as const);
        context.print.one(TransferSchema, transfer, fields);
      };
      const call = { request: { amount }, key: input.text('key'), show };
      // Two calls, as the types of the two RPCs differ.
      if (rpc === deposit) await callKeyed(keyedContext(context), { ...call, rpc: deposit });
      else await callKeyed(keyedContext(context), { ...call, rpc: withdraw });
    },
  };
}

const positionColumns: readonly Column<Position>[] = [
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
  { title: 'AVERAGE COST', value: ({ averageCost }) => averageCost, isNumber: true },
  { title: 'LAST', value: ({ lastPrice }) => lastPrice, isNumber: true },
  { title: 'VALUE', value: ({ marketValue }) => marketValue, isNumber: true },
  { title: 'UNREALIZED', value: ({ unrealizedPnl }) => unrealizedPnl, isNumber: true },
  { title: 'REALIZED', value: ({ realizedPnl }) => realizedPnl, isNumber: true },
];

async function showPositions({ api, print }: CommandContext) {
  const { portfolio } = await api.call(PortfolioService.method.getPortfolio, {});
  if (portfolio !== undefined) printPortfolio(print, portfolio);
  return undefined;
}

function printPortfolio(print: CommandContext['print'], portfolio: Portfolio): void {
  if (print.isJson) {
    print.line(PortfolioSchema, portfolio, '');
    return;
  }
  const totals: [string, string][] = [
    ['cash', portfolio.cash],
    ['value', portfolio.marketValue],
    ['equity', portfolio.equity],
    ['unrealized', portfolio.unrealizedPnl],
    ['realized', portfolio.realizedPnl],
  ];
  const table = portfolio.positions.length === 0 ? [] : [renderTable(portfolio.positions, positionColumns), ''];
  print.plain({}, [...table, renderRecord(totals)].join('\n'));
}

async function watchPositions({ api, print, signal }: CommandContext, input: Input) {
  const counter = createCounter(input);
  await follow(api, {
    method: PortfolioService.method.streamValuation,
    request: () => ({}),
    signal,
    take({ message }) {
      if (message.case !== 'portfolio') return true;
      return counter.count([message.value], (portfolio) => {
        const words = portfolio.positions.map(
          ({ symbol, quantity, marketValue }) => `${symbol} ${quantity} = ${marketValue}`,
        );
        print.line(PortfolioSchema, portfolio, [`equity ${portfolio.equity}`, ...words].join('  '));
      });
    },
  });
  return undefined;
}
