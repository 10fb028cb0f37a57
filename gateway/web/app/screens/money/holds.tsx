import type { Hold } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { routeHash } from '../../router/route.ts';
import { ledger } from '../../rpc/clients.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { openOrders, ownOrders } from '../../store/own-orders.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { holdText } from './hold-text.ts';

/** What is held, and by which order. */
export function Holds() {
  const pages = usePages<Hold>(
    async (pageToken, signal) => {
      const { holds, nextPageToken } = await ledger.listHolds({ pageSize: 100, pageToken }, { signal });
      return { rows: holds, nextPageToken };
    },
    // Begins anew when orders open or end, as a list of holds has no end to which ended ones would move.
    { key: openOrders.value.map(({ orderId, revision }) => `${orderId} ${revision}`).join(), keyOf: holdKey },
  );
  return (
    <ShownRows pages={pages} empty="Nothing is held: no order is open.">
      {(rows) => (
        <ReadTable
          label="Holds"
          rows={rows}
          keyOf={holdKey}
          columns={[
            { name: 'Held', kind: 'number', cell: (hold) => <Amount hold={hold} /> },
            { name: 'Asset', cell: ({ asset }) => asset },
            {
              name: 'By',
              kind: 'wide',
              cell: (hold) => (
                <a href={routeHash({ screen: 'orders', rest: hold.orderId })}>
                  {holdText(hold, ownOrders.value.get(hold.orderId), placesFor)}
                </a>
              ),
            },
            { name: 'Since', cell: ({ createTime }) => <TimeCell time={createTime} /> },
          ]}
        />
      )}
    </ShownRows>
  );
}

function Amount({ hold }: { hold: Hold }) {
  return <Figure value={hold.amount} {...(hold.asset === account.value?.cash?.asset && exactAmount)} />;
}

const holdKey = ({ orderId, asset }: Hold) => `${orderId} ${asset}`;
