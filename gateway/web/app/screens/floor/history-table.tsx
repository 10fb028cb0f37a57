import type { Order } from '#gen/outcry/order/v1/order_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { placesFor } from '../../store/instruments.ts';
import { areOrdersLoaded, endedOrders } from '../../store/own-orders.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { PriceCell, QuantityCell, SideCell, TimeCell } from './order-columns.tsx';
import { statusText, typeText } from './order-text.ts';

const columns: readonly Column<Order>[] = [
  { name: 'Symbol', width: '48px', cell: ({ symbol }) => <b>{symbol}</b> },
  { name: 'Time', width: '80px', cell: ({ updateTime }) => <TimeCell time={updateTime} /> },
  { name: 'Side', width: '28px', cell: ({ side }) => <SideCell side={side} /> },
  { name: 'Type', width: '60px', cell: ({ type }) => typeText(type) },
  { name: 'Quantity', width: '56px', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
  { name: 'Price', width: '76px', kind: 'number', cell: (order) => <PriceCell order={order} /> },
  { name: 'Filled', width: '52px', kind: 'number', cell: (order) => <QuantityCell quantity={order.filledQuantity} /> },
  {
    name: 'Average',
    width: '68px',
    kind: 'number',
    cell: ({ symbol, averageFillPrice }) => <Figure value={averageFillPrice} places={placesFor(symbol).average} />,
  },
  { name: 'Outcome', width: 'minmax(96px, 1fr)', kind: 'wide', cell: (order) => <Outcome order={order} /> },
];

/** Orders that have ended, with the reason. */
export function HistoryTable() {
  if (!areOrdersLoaded.value) return <Loading />;
  if (endedOrders.value.length === 0) return <Empty>No orders have ended yet.</Empty>;
  return (
    <GridTable label="History" columns={columns} rows={endedOrders.value} keyOf={({ orderId }) => orderId} hasCards />
  );
}

function Outcome({ order }: { order: Order }) {
  const text = statusText(order);
  return <span title={text}>{text}</span>;
}
