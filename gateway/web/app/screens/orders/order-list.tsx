import { useMemo } from 'preact/hooks';
import { type Order, OrderSort } from '#gen/outcry/order/v1/order_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { go } from '../../router/router.ts';
import { orders } from '../../rpc/clients.ts';
import { placesFor } from '../../store/instruments.ts';
import { isFinal } from '../../store/own-order-lists.ts';
import { ownOrders } from '../../store/own-orders.ts';
import { cancelOrders } from '../../trading/cancel.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { type OpenRow, openRows, rowStateText, rowTypeText } from '../floor/open-rows.ts';
import { PriceCell, QuantityCell, SideCell, TimeCell } from '../floor/order-columns.tsx';
import { filterRequest, type OrderFilter } from './order-filter.ts';

const columns: readonly Column<OpenRow>[] = [
  { name: 'Symbol', width: '64px', cell: ({ order }) => <b>{order.symbol}</b> },
  { name: 'Placed', width: '104px', cell: ({ order }) => <TimeCell time={order.createTime} /> },
  { name: 'Side', width: '40px', cell: ({ order }) => <SideCell side={order.side} /> },
  { name: 'Type', width: '80px', cell: rowTypeText },
  { name: 'Quantity', width: '80px', kind: 'number', cell: ({ order }) => <QuantityCell quantity={order.quantity} /> },
  { name: 'Price', width: '96px', kind: 'number', cell: ({ order }) => <PriceCell order={order} /> },
  {
    name: 'Filled',
    width: '80px',
    kind: 'number',
    cell: ({ order }) => <QuantityCell quantity={order.filledQuantity} />,
  },
  {
    name: 'Average',
    width: '96px',
    kind: 'number',
    cell: ({ order }) => <Figure value={order.averageFillPrice} places={placesFor(order.symbol).average} />,
  },
  { name: 'Fees', width: '80px', kind: 'number', cell: ({ order }) => <Figure value={order.fees} {...exactAmount} /> },
  { name: 'Outcome', width: 'minmax(160px, 1fr)', kind: 'wide', cell: (row) => <Outcome row={row} /> },
];

/** Orders that pass a filter, created last first; a list of orders is one row. Enter shows one, c cancels it. */
export function OrderList({ filter, selected }: { filter: OrderFilter; selected: string }) {
  const request = filterRequest(filter);
  const pages = usePages<Order>(
    async (pageToken, signal) => {
      const sort = OrderSort.BY_CREATION;
      const page = await orders.listOrders({ ...request, sort, pageSize: 200, pageToken }, { signal });
      return { rows: page.orders, nextPageToken: page.nextPageToken };
    },
    { key: JSON.stringify(request), keyOf: ({ orderId }) => orderId, everyMs: 10_000 },
  );
  const live = ownOrders.value;
  const rows = useMemo(
    () => openRows(pages.rows.map((order) => newer(order, live.get(order.orderId)))),
    [pages.rows, live],
  );
  const show = ({ order }: OpenRow) => go({ screen: 'orders', rest: order.orderId });
  return (
    <div class="filled-list">
      <ShownRows pages={pages} empty="No orders of this kind.">
        {() => (
          <GridTable
            label="Orders"
            columns={columns}
            rows={rows}
            keyOf={({ key }) => key}
            isSelected={(row) => row.orders.some(({ orderId }) => orderId === selected)}
            isEnded={(row) => row.orders.every(isFinal)}
            onEnter={show}
            onPress={show}
            onKey={(key, row) => key === 'c' && cancelOpen(row)}
            onNearEnd={pages.readMore}
            hasCards
          />
        )}
      </ShownRows>
    </div>
  );
}

// The stream is ahead of the list.
function newer(listed: Order, streamed: Order | undefined): Order {
  return streamed !== undefined && streamed.version > listed.version ? streamed : listed;
}

function cancelOpen({ orders: members }: OpenRow): boolean {
  const open = members.filter((order) => !isFinal(order));
  if (open.length > 0) void cancelOrders(open);
  return open.length > 0;
}

function Outcome({ row }: { row: OpenRow }) {
  const text = rowStateText(row, placesFor(row.order.symbol).price);
  return <span title={text}>{text}</span>;
}
