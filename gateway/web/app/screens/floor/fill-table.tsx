import type { Fill } from '#gen/outcry/order/v1/order_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { placesFor } from '../../store/instruments.ts';
import { areOrdersLoaded, ownFills } from '../../store/own-orders.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { QuantityCell, SideCell, TimeCell } from './order-columns.tsx';

const columns: readonly Column<Fill>[] = [
  { name: 'Symbol', width: '64px', cell: ({ symbol }) => <b>{symbol}</b> },
  { name: 'Time', width: '96px', cell: ({ time }) => <TimeCell time={time} /> },
  { name: 'Side', width: '40px', cell: ({ side }) => <SideCell side={side} /> },
  { name: 'Quantity', width: '72px', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
  {
    name: 'Price',
    width: '80px',
    kind: 'number',
    cell: ({ symbol, price }) => <Figure value={price} places={placesFor(symbol).price} />,
  },
  { name: 'Fee', width: '72px', kind: 'number', cell: ({ fee }) => <Figure value={fee} {...exactAmount} /> },
  { name: 'Liquidity', width: 'minmax(64px, 1fr)', cell: ({ maker }) => (maker ? 'rested' : 'took') },
];

/** Own fills, newest first. */
export function FillTable() {
  if (!areOrdersLoaded.value) return <Loading />;
  if (ownFills.value.length === 0) return <Empty>No fills yet.</Empty>;
  return (
    <GridTable
      label="Fills"
      columns={columns}
      rows={ownFills.value}
      keyOf={({ tradeId, orderId }) => `${tradeId} ${orderId}`}
      hasCards
    />
  );
}
