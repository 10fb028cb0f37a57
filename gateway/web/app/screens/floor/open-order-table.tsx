import { ofPerson } from '../../rpc/session.ts';
import { placesFor } from '../../store/instruments.ts';
import { areOrdersLoaded, openOrders } from '../../store/own-orders.ts';
import { cancelAll, cancelling, cancelOrders } from '../../trading/cancel.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { AmendForm, beginAmend } from './amend-form.tsx';
import { ConfirmAll } from './confirm-all.tsx';
import { type OpenRow, openRows, rowStateText, rowTypeText } from './open-rows.ts';
import { PriceCell, QuantityCell, SideCell, TimeCell } from './order-columns.tsx';
import { actText, sideText, timeInForceText } from './order-text.ts';

const columns: readonly Column<OpenRow>[] = [
  { name: 'Symbol', width: '48px', cell: ({ order }) => <b>{order.symbol}</b> },
  { name: 'Placed', width: '60px', cell: ({ order }) => <TimeCell time={order.createTime} /> },
  { name: 'Side', width: '28px', cell: ({ order }) => <SideCell side={order.side} /> },
  { name: 'Type', width: '56px', cell: rowTypeText },
  { name: 'Quantity', width: '52px', kind: 'number', cell: ({ order }) => <QuantityCell quantity={order.quantity} /> },
  { name: 'Price', width: '76px', kind: 'number', cell: ({ order }) => <PriceCell order={order} /> },
  {
    name: 'Filled',
    width: '60px',
    kind: 'number',
    cell: ({ order }) => <QuantityCell quantity={order.filledQuantity} />,
  },
  { name: 'State', width: 'minmax(56px, 1fr)', kind: 'wide', cell: (row) => <State row={row} /> },
  { name: 'Acts', width: '108px', kind: 'acts', cell: (row) => <Acts row={row} /> },
];

// The symbol whose orders a second press cancels; empty: all orders; undefined: none is asked about.
const asked = ofPerson<string | undefined>(undefined);

/** Asks whether all open orders of a symbol, or all where it is empty, are to be cancelled. */
export function askCancelAll(symbol: string): void {
  asked.value = symbol;
}

/** Orders that are open: each with a cancel of one press. */
export function OpenOrderTable() {
  if (!areOrdersLoaded.value) return <Loading />;
  const rows = openRows(openOrders.value);
  if (rows.length === 0) return <Empty>No open orders. b buys, s sells.</Empty>;
  const onKey = (key: string, row: OpenRow) => {
    if (key === 'c') void cancelOrders(row.orders);
    else if (key === 'e') beginAmend(row.orders);
    else if (key === 'C') askCancelAll(row.order.symbol);
    else return false;
    return true;
  };
  return (
    <>
      <AmendForm />
      <CancelAll rows={rows} />
      <GridTable label="Open orders" columns={columns} rows={rows} keyOf={({ key }) => key} onKey={onKey} hasCards />
    </>
  );
}

function State({ row }: { row: OpenRow }) {
  const isCancelling = row.orders.some(
    ({ orderId, cancelRequested }) => cancelRequested || cancelling.value.has(orderId),
  );
  const lives = row.order.listId === '' ? `, ${timeInForceText(row.order.timeInForce)}` : '';
  const text = isCancelling ? 'Cancelling' : `${rowStateText(row, placesFor(row.order.symbol).price)}${lives}`;
  return <span title={text}>{text}</span>;
}

function Acts({ row }: { row: OpenRow }) {
  const { order, orders } = row;
  const isCancelling = orders.some(({ orderId }) => cancelling.value.has(orderId));
  const name = `Cancel ${sideText(order.side).toLowerCase()} ${order.quantity} ${order.symbol}`;
  return (
    <>
      <Button
        isSmall
        tabIndex={-1}
        disabled={isCancelling}
        aria-label={`Amend${name.slice('Cancel'.length)}`}
        onClick={() => beginAmend(orders)}
      >
        Amend
      </Button>
      <Button isSmall tabIndex={-1} disabled={isCancelling} aria-label={name} onClick={() => void cancelOrders(orders)}>
        Cancel
      </Button>
    </>
  );
}

function CancelAll({ rows }: { rows: readonly OpenRow[] }) {
  const symbol = asked.value;
  if (symbol === undefined) return null;
  const meant = rows.filter(({ order }) => symbol === '' || order.symbol === symbol);
  const done = () => {
    asked.value = undefined;
  };
  return (
    <ConfirmAll
      question={`Cancel ${meant.length}`}
      names={meant.map(({ order }) => actText(order, placesFor(order.symbol)))}
      act={symbol === '' ? 'Cancel all' : `Cancel all of ${symbol}`}
      onAct={() => void cancelAll(symbol).then(done)}
      onLeave={done}
    />
  );
}
