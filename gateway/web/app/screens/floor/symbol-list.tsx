import { signal, useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Figure } from '../../figures/figure.tsx';
import { TickingFigure } from '../../figures/ticking-figure.tsx';
import { goToSymbol } from '../../router/router.ts';
import { placesFor } from '../../store/instruments.ts';
import { quotedSymbols, quoteOf } from '../../store/quotes.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/status.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { isWide } from './layout.ts';
import { Movers } from './movers.tsx';
import { sparkBox } from './spark-path.ts';
import { followSparklines, sparklines } from './sparklines.ts';

const tab = signal<'all' | 'movers'>('all');

const columns: readonly Column<string>[] = [
  { name: 'Symbol', width: 'minmax(48px, 1fr)', cell: (symbol) => <b>{symbol}</b> },
  { name: 'Last', width: '64px', kind: 'number', cell: (symbol) => <Last symbol={symbol} /> },
  { name: 'Change', width: '64px', kind: 'number', cell: (symbol) => <Change symbol={symbol} /> },
];

const wideColumns: readonly Column<string>[] = [
  { name: 'Symbol', width: '48px', cell: (symbol) => <b>{symbol}</b> },
  { name: 'Last hour', width: 'minmax(48px, 1fr)', cell: (symbol) => <Spark symbol={symbol} /> },
  ...columns.slice(1),
  { name: 'Bid', width: '56px', kind: 'number', cell: (symbol) => <Best symbol={symbol} side="bid" /> },
  { name: 'Ask', width: '56px', kind: 'number', cell: (symbol) => <Best symbol={symbol} side="ask" /> },
];

/** The list of symbols with live prices, and the day's movers. */
export function SymbolList() {
  const head = (
    <Tabs
      label="List"
      tabs={[
        { name: 'all', text: 'Symbols' },
        { name: 'movers', text: 'Movers' },
      ]}
      selected={tab.value}
      onSelect={(name) => {
        tab.value = name;
      }}
    />
  );
  return (
    <Panel name="Symbols" head={head} class="list">
      {tab.value === 'movers' ? <Movers /> : <AllSymbols />}
    </Panel>
  );
}

function AllSymbols() {
  const hasSparks = isWide.value && quotedSymbols.value.length > 0;
  useEffect(() => (hasSparks ? followSparklines() : undefined), [hasSparks]);
  if (quotedSymbols.value.length === 0) return <Loading rows={12} />;
  return (
    <GridTable
      label="Prices"
      columns={isWide.value ? wideColumns : columns}
      rows={quotedSymbols.value}
      keyOf={(symbol) => symbol}
      isSelected={(symbol) => symbol === selectedSymbol.value}
      onEnter={goToSymbol}
      onPress={goToSymbol}
    />
  );
}

// What it shows stands beside it in figures.
function Spark({ symbol }: { symbol: string }) {
  const path = sparklines.value.get(symbol);
  if (path === undefined) return null;
  const { width, height } = sparkBox;
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} fill="none" stroke="currentColor" vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function Last({ symbol }: { symbol: string }) {
  const quote = quoteOf(symbol);
  const price = useComputed(() => quote.value?.lastPrice);
  return <TickingFigure value={price.value} places={placesFor(symbol).price} />;
}

function Change({ symbol }: { symbol: string }) {
  const quote = quoteOf(symbol);
  const change = useComputed(() => quote.value?.changePercent);
  return <Figure value={change.value} places={2} unit="%" isChange />;
}

function Best({ symbol, side }: { symbol: string; side: 'bid' | 'ask' }) {
  const quote = quoteOf(symbol);
  const price = useComputed(() => (side === 'bid' ? quote.value?.bidPrice : quote.value?.askPrice));
  return <Figure class={side} value={price.value} places={placesFor(symbol).price} />;
}
