import type { LotSale } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { saveFile } from '../../acting/save-file.ts';
import { useAct } from '../../acting/use-act.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactMoney } from '../../figures/figure-text.ts';
import { readAll } from '../../reading/read-all.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { portfolio } from '../../rpc/clients.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { QuantityCell, TimeCell } from '../floor/order-columns.tsx';
import { lotSalesCsv } from './lot-figures.ts';

/** What sales took from each lot, when that was bought, and the gain: proceeds less cost. */
export function LotSales() {
  const pages = usePages<LotSale>(readPage, { key: 'lot sales', keyOf: keyOfSale, everyMs: 10_000 });
  return (
    <section aria-label="Sales by lot">
      <div class="equity-head">
        <h2>Sales by lot</h2>
        {pages.rows.length > 0 && <SalesCsv />}
      </div>
      <ShownRows pages={pages} empty="Nothing was sold yet.">
        {(rows) => (
          <ReadTable
            label="Sales by lot"
            rows={rows}
            keyOf={keyOfSale}
            columns={[
              { name: 'Symbol', cell: ({ symbol }) => <b>{symbol}</b> },
              { name: 'Acquired', cell: ({ acquireTime }) => <TimeCell time={acquireTime} /> },
              { name: 'Sold', cell: ({ saleTime }) => <TimeCell time={saleTime} /> },
              { name: 'Quantity', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
              {
                name: 'Proceeds less fee',
                kind: 'number',
                cell: ({ proceeds }) => <Figure value={proceeds} {...exactMoney} />,
              },
              { name: 'Cost of the lot', kind: 'number', cell: ({ cost }) => <Figure value={cost} {...exactMoney} /> },
              { name: 'Gain', kind: 'number', cell: ({ gain }) => <Figure value={gain} {...exactMoney} isChange /> },
            ]}
          />
        )}
      </ShownRows>
    </section>
  );
}

function SalesCsv() {
  const act = useAct();
  const save = () =>
    act.run(async () => {
      const sales = await readAll(
        (pageToken) => readPage(pageToken),
        'there are more than 10,000 sales by lots: a program reads them all by ListLotSales',
      );
      saveFile(new Blob([lotSalesCsv(sales)], { type: 'text/csv' }), 'sales-by-lot.csv');
      return 'sales-by-lot.csv is saved.';
    });
  return (
    <>
      <Button isSmall disabled={act.isBusy} onClick={() => void save()}>
        {act.isBusy ? 'Reading' : 'CSV of sales by lot'}
      </Button>
      {act.failure !== undefined && <ActNote act={act} />}
    </>
  );
}

const keyOfSale = ({ tradeId, lotId }: LotSale) => `${tradeId} ${lotId}`;

async function readPage(pageToken: string, signal?: AbortSignal) {
  const options = signal && { signal };
  const { sales, nextPageToken } = await portfolio.listLotSales({ pageSize: 200, pageToken }, options);
  return { rows: sales, nextPageToken };
}
