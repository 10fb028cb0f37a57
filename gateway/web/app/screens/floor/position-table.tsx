import { useComputed } from '@preact/signals';
import type { Position } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount, figureText } from '../../figures/figure-text.ts';
import { goToSymbol } from '../../router/router.ts';
import { ofPerson } from '../../rpc/session.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { quoteOf } from '../../store/quotes.ts';
import { closeAllPositions, closePosition } from '../../trading/close-position.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { ConfirmAll } from './confirm-all.tsx';
import { QuantityCell } from './order-columns.tsx';
import { positionValue } from './position-values.ts';

// The symbol whose close waits for its second press.
const asking = ofPerson('');
const isAskingAll = ofPerson(false);

/** Asks whether all positions are to be closed. */
export function askCloseAll(): void {
  isAskingAll.value = true;
}

const columns: readonly Column<Position>[] = [
  { name: 'Symbol', width: 'minmax(48px, 1fr)', cell: ({ symbol }) => <b>{symbol}</b> },
  {
    name: 'Quantity',
    width: 'minmax(64px, 1fr)',
    kind: 'number',
    cell: ({ quantity }) => <QuantityCell quantity={quantity} />,
  },
  {
    name: 'Average cost',
    width: 'minmax(80px, 1fr)',
    kind: 'number',
    cell: ({ symbol, averageCost }) => <Figure value={averageCost} places={placesFor(symbol).average} />,
  },
  { name: 'Last', width: 'minmax(60px, 1fr)', kind: 'number', cell: (position) => <LivePrice position={position} /> },
  {
    name: 'Value',
    width: 'minmax(76px, 1fr)',
    kind: 'number',
    cell: (position) => <LiveValue position={position} part="value" />,
  },
  {
    name: 'Gain',
    width: 'minmax(76px, 1fr)',
    kind: 'number',
    cell: (position) => <LiveValue position={position} part="gain" />,
  },
  {
    name: 'Gain %',
    width: 'minmax(68px, 1fr)',
    kind: 'number',
    cell: (position) => <LiveValue position={position} part="gainPercent" />,
  },
  {
    name: 'Realised',
    width: 'minmax(68px, 1fr)',
    kind: 'number',
    cell: ({ realizedPnl }) => <Figure value={realizedPnl} {...exactAmount} isChange />,
  },
];

type PositionTableProps = {
  /** Opens the sum of a position; undefined: Enter shows its symbol on the Floor. */
  onSum?: (symbol: string) => void;
};

/** Positions with live profit and loss; a second press closes one at market. */
export function PositionTable({ onSum }: PositionTableProps) {
  if (account.value === undefined) return <Loading />;
  const held = (account.value.portfolio?.positions ?? []).filter(({ quantity }) => Number(quantity) > 0);
  if (held.length === 0) return <Empty>No positions. What you buy stands here with its profit and loss.</Empty>;
  return (
    <>
      {isAskingAll.value && <CloseAll held={held} />}
      <GridTable
        label="Positions"
        columns={[...columns, actsColumn(onSum)]}
        rows={held}
        keyOf={({ symbol }) => symbol}
        onEnter={({ symbol }) => (onSum ?? goToSymbol)(symbol)}
        onKey={(key, { symbol }) => {
          if (key === 'X') askCloseAll();
          else if (key === 'x') askOrClose(symbol);
          else return false;
          return true;
        }}
        hasCards
      />
    </>
  );
}

function CloseAll({ held }: { held: readonly Position[] }) {
  const done = () => {
    isAskingAll.value = false;
  };
  return (
    <ConfirmAll
      question={`Sell at market ${held.length}`}
      names={held.map(({ symbol, quantity }) => `${figureText(quantity, { trimmed: true })} ${symbol}`)}
      act="Close all"
      onAct={() => void closeAllPositions().then(done)}
      onLeave={done}
    />
  );
}

function actsColumn(onSum: PositionTableProps['onSum']): Column<Position> {
  return {
    name: 'Acts',
    width: onSum === undefined ? '60px' : '104px',
    kind: 'acts',
    cell: (position) => (
      <>
        {onSum !== undefined && (
          <Button isSmall tabIndex={-1} aria-label={`Sum of ${position.symbol}`} onClick={() => onSum(position.symbol)}>
            Sum
          </Button>
        )}
        <Close position={position} />
      </>
    ),
  };
}

function LivePrice({ position }: { position: Position }) {
  const quote = quoteOf(position.symbol);
  const price = useComputed(() => quote.value?.lastPrice || position.lastPrice);
  return <Figure value={price.value} places={placesFor(position.symbol).price} />;
}

function LiveValue({ position, part }: { position: Position; part: 'value' | 'gain' | 'gainPercent' }) {
  const value = positionValue(position, quoteOf(position.symbol).value?.lastPrice)[part];
  if (part === 'gainPercent') return <Figure value={value} places={2} unit="%" isChange />;
  return <Figure value={value} {...exactAmount} isChange={part === 'gain'} />;
}

function Close({ position: { symbol } }: { position: Position }) {
  const isAsking = asking.value === symbol;
  return (
    <Button
      isSmall
      tabIndex={-1}
      kind={isAsking ? 'sell' : undefined}
      aria-label={isAsking ? `Close ${symbol} at market now` : `Close ${symbol}`}
      onClick={() => askOrClose(symbol)}
    >
      {isAsking ? 'At market' : 'Close'}
    </Button>
  );
}

function askOrClose(symbol: string): void {
  const isSecond = asking.value === symbol;
  asking.value = isSecond ? '' : symbol;
  if (isSecond) void closePosition(symbol);
}
