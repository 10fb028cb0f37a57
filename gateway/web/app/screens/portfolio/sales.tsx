import type { RealizedGain } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactMoney } from '../../figures/figure-text.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { portfolio } from '../../rpc/clients.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { QuantityCell, TimeCell } from '../floor/order-columns.tsx';

/** Sales with what each was worth, its cost, and the gain: proceeds less cost. */
export function Sales() {
  const pages = usePages<RealizedGain>(
    async (pageToken, signal) => {
      const { gains, nextPageToken } = await portfolio.listRealizedGains({ pageSize: 50, pageToken }, { signal });
      return { rows: gains, nextPageToken };
    },
    { key: 'gains', keyOf: ({ tradeId }) => tradeId, everyMs: 10_000 },
  );
  return (
    <section aria-label="Sales">
      <h2>Sales</h2>
      <ShownRows pages={pages} empty="Nothing was sold yet.">
        {(rows) => (
          <ReadTable
            label="Sales"
            rows={rows}
            keyOf={({ tradeId }) => tradeId}
            columns={[
              { name: 'Symbol', cell: ({ symbol }) => <b>{symbol}</b> },
              { name: 'Time', cell: ({ time }) => <TimeCell time={time} /> },
              { name: 'Quantity', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
              {
                name: 'Proceeds less fee',
                kind: 'number',
                cell: ({ proceeds }) => <Figure value={proceeds} {...exactMoney} />,
              },
              { name: 'Cost', kind: 'number', cell: ({ cost }) => <Figure value={cost} {...exactMoney} /> },
              { name: 'Gain', kind: 'number', cell: ({ gain }) => <Figure value={gain} {...exactMoney} isChange /> },
            ]}
          />
        )}
      </ShownRows>
      <p class="hint">
        Cost here is the average of all shares of a symbol, fees included; by lots the same sales are below.
      </p>
    </section>
  );
}
