import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Mover, MoverRanking } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { volumeText } from '../../figures/figure-text.ts';
import { goToSymbol } from '../../router/router.ts';
import { analytics } from '../../rpc/clients.ts';
import { placesFor } from '../../store/instruments.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Empty, Loading } from '../../ui/status.tsx';

const readEveryMs = 5_000;
const length = 20;
const rankings = { gainers: MoverRanking.GAINERS, losers: MoverRanking.LOSERS, active: MoverRanking.MOST_ACTIVE };

type RankingName = keyof typeof rankings;

const ranking = signal<RankingName>('gainers');
const movers = signal<readonly Mover[] | undefined>(undefined);

const columns: readonly Column<Mover>[] = [
  { name: 'Symbol', width: 'minmax(48px, 1fr)', cell: ({ symbol }) => <b>{symbol}</b> },
  {
    name: 'Last',
    width: '64px',
    kind: 'number',
    cell: ({ symbol, lastPrice }) => <Figure value={lastPrice} places={placesFor(symbol).price} />,
  },
  {
    name: 'By',
    width: '64px',
    kind: 'number',
    cell: ({ changePercent, volume }) =>
      ranking.value === 'active' ? (
        <span class="figure">{volumeText(volume)}</span>
      ) : (
        <Figure value={changePercent} places={2} unit="%" isChange />
      ),
  },
];

/** The day's movers, read again every 5 s while they are shown. */
export function Movers() {
  const chosen = ranking.value;
  useEffect(() => {
    const ended = new AbortController();
    const read = async () => {
      const answer = await analytics
        .listMovers({ ranking: rankings[chosen], pageSize: length }, { signal: ended.signal })
        .catch(() => undefined);
      if (answer !== undefined && !ended.signal.aborted) movers.value = answer.list?.movers ?? [];
    };
    movers.value = undefined;
    void read();
    const timer = setInterval(() => document.visibilityState === 'visible' && void read(), readEveryMs);
    return () => {
      clearInterval(timer);
      ended.abort();
    };
  }, [chosen]);
  return (
    <>
      <RadioGroup
        name="movers"
        label="Ranked by"
        class="movers-ranking"
        options={[
          { value: 'gainers', text: 'Up' },
          { value: 'losers', text: 'Down' },
          { value: 'active', text: 'Volume' },
        ]}
        value={chosen}
        onChange={(name: RankingName) => {
          ranking.value = name;
        }}
      />
      <MoverRows />
    </>
  );
}

function MoverRows() {
  if (movers.value === undefined) return <Loading rows={8} />;
  if (movers.value.length === 0) return <Empty>None in the last 24 hours.</Empty>;
  return (
    <GridTable
      label="Movers"
      columns={columns}
      rows={movers.value}
      keyOf={({ symbol }) => symbol}
      isSelected={({ symbol }) => symbol === selectedSymbol.value}
      onEnter={({ symbol }) => goToSymbol(symbol)}
      onPress={({ symbol }) => goToSymbol(symbol)}
    />
  );
}
