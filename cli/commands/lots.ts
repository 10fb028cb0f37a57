/** What each purchase has left, and what sales took from it: `outcry lots`, `outcry lot-sales`, `outcry lot-method`. */
import {
  type Lot,
  LotMethod,
  LotMethodSchema,
  type LotSale,
  LotSaleSchema,
  LotSchema,
  PortfolioService,
} from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { ArgumentSpec, Command } from '../command/command.ts';
import { type Input, readSymbol } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import type { Column } from '../output/table.ts';
import { enumName, timeWord } from '../output/words.ts';
import { limitOption, readPages } from './pages.ts';

const symbolArgument: ArgumentSpec = { name: 'SYMBOL', help: 'only of this symbol', count: 'optional' };
const methods: Readonly<Record<string, LotMethod>> = {
  fifo: LotMethod.FIFO,
  lifo: LotMethod.LIFO,
  hifo: LotMethod.HIFO,
};

const lotColumns: readonly Column<Lot>[] = [
  { title: 'LOT', value: ({ lotId }) => String(lotId), isNumber: true },
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'ACQUIRED', value: ({ acquireTime }) => timeWord(acquireTime) },
  { title: 'PURCHASES', value: ({ purchaseCount }) => String(purchaseCount), isNumber: true },
  { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
  { title: 'COST A SHARE', value: ({ unitCost }) => unitCost, isNumber: true },
  { title: 'COST', value: ({ cost }) => cost, isNumber: true },
];

const saleColumns: readonly Column<LotSale>[] = [
  { title: 'SOLD', value: ({ saleTime }) => timeWord(saleTime) },
  { title: 'SYMBOL', value: ({ symbol }) => symbol },
  { title: 'LOT', value: ({ lotId }) => String(lotId), isNumber: true },
  { title: 'ACQUIRED', value: ({ acquireTime }) => timeWord(acquireTime) },
  { title: 'QUANTITY', value: ({ quantity }) => quantity, isNumber: true },
  { title: 'PROCEEDS', value: ({ proceeds }) => proceeds, isNumber: true },
  { title: 'COST', value: ({ cost }) => cost, isNumber: true },
  { title: 'GAIN', value: ({ gain }) => gain, isNumber: true },
  { title: 'TRADE', value: ({ tradeId }) => tradeId },
];

/** Lots of purchases. */
export const lotCommands: readonly Command[] = [
  {
    name: 'lots',
    summary: 'what each of your purchases has left, and its cost',
    arguments: [symbolArgument],
    options: [limitOption],
    async run({ api, print }, input) {
      const symbol = symbolOf(input);
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(PortfolioService.method.listLots, { ...page, symbol });
        return { rows: answer.lots, nextPageToken: answer.nextPageToken };
      });
      print.list(LotSchema, rows, { columns: lotColumns, empty: 'no lots' });
    },
  },
  {
    name: 'lot-sales',
    summary: 'what your sales took from each purchase, and its gain, newest first',
    arguments: [symbolArgument],
    options: [limitOption],
    async run({ api, print }, input) {
      const symbol = symbolOf(input);
      const rows = await readPages(input, async (page) => {
        const answer = await api.call(PortfolioService.method.listLotSales, { ...page, symbol });
        return { rows: answer.sales, nextPageToken: answer.nextPageToken };
      });
      print.list(LotSaleSchema, rows, { columns: saleColumns, empty: 'nothing was sold' });
    },
  },
  {
    name: 'lot-method',
    summary: 'from which purchases your sales take: shows it, or sets it for later sales',
    details: '  outcry lot-method hifo',
    arguments: [
      {
        name: 'METHOD',
        help: 'fifo: the oldest first; lifo: the newest; hifo: those that cost most a share',
        count: 'optional',
        choices: Object.keys(methods),
      },
    ],
    async run({ api, print }, input) {
      const word = input.at(0) || undefined;
      const method = word === undefined ? undefined : methods[word];
      if (word !== undefined && method === undefined) throw new UsageError('METHOD is fifo, lifo or hifo');
      const answer =
        method === undefined
          ? await api.call(PortfolioService.method.getLotMethod, {})
          : await api.call(PortfolioService.method.setLotMethod, { method });
      const name = enumName(LotMethodSchema, answer.method);
      print.plain({ method: name }, name.toLowerCase());
    },
  },
];

function symbolOf(input: Input): string {
  return readSymbol(input.at(0));
}
