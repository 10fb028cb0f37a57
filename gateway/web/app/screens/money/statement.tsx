import { useState } from 'preact/hooks';
import type { StatementEntry } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { dayEndMs, dayStartMs } from '../../figures/day-start.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactMoney } from '../../figures/figure-text.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { routeHash } from '../../router/route.ts';
import { ledger } from '../../rpc/clients.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { zone } from '../../store/market-clock.ts';
import { ownOrders } from '../../store/own-orders.ts';
import { type Column, GridTable } from '../../ui/grid-table.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { actText } from '../floor/order-text.ts';
import { CsvButton } from './csv-button.tsx';
import { PrintStatement } from './print-statement.tsx';
import { protoTime } from './read-statement.ts';
import { type EntryFilter, entryFilters, entryKindText } from './statement-values.ts';

const entryKey = ({ sequence, asset, kind, reference }: StatementEntry) => `${sequence} ${asset} ${kind} ${reference}`;

const columns: readonly Column<StatementEntry>[] = [
  { name: 'Time', width: '112px', cell: ({ time }) => <TimeCell time={time} /> },
  { name: 'Kind', width: '96px', cell: ({ kind }) => entryKindText(kind) },
  { name: 'Asset', width: '56px', cell: ({ asset }) => <b>{asset}</b> },
  { name: 'Amount', width: '120px', kind: 'number', cell: (entry) => <Amount entry={entry} /> },
  { name: 'Reference', width: 'minmax(200px, 1fr)', kind: 'wide', cell: (entry) => <Reference entry={entry} /> },
];

/** Every movement of cash and shares, filtered; printed, and as CSV. */
export function Statement() {
  const [filter, setFilter] = useState<EntryFilter>('all');
  const [days, setDays] = useState({ from: '', until: '' });
  const fromMs = dayStartMs(days.from, zone.value);
  const untilMs = dayEndMs(days.until, zone.value);
  const kinds = [...(entryFilters.find(({ value }) => value === filter)?.kinds ?? [])];
  const pages = usePages<StatementEntry>(
    async (pageToken, signal) => {
      const [fromTime, untilTime] = [protoTime(fromMs), protoTime(untilMs)];
      const request = {
        pageSize: 200,
        pageToken,
        kinds,
        ...(fromTime && { fromTime }),
        ...(untilTime && { untilTime }),
      };
      const { entries, nextPageToken } = await ledger.listStatement(request, { signal });
      return { rows: entries, nextPageToken };
    },
    { key: `${filter} ${fromMs} ${untilMs}`, keyOf: entryKey, everyMs: 10_000 },
  );
  return (
    <div class="statement">
      <div class="filters">
        <RadioGroup name="entries" label="Movements" options={entryFilters} value={filter} onChange={setFilter} />
        <Day label="From" value={days.from} onInput={(from) => setDays({ ...days, from })} />
        <Day label="Until" value={days.until} onInput={(until) => setDays({ ...days, until })} />
        <span class="acts">
          <PrintStatement fromMs={fromMs} untilMs={untilMs} />
          <CsvButton table="statement" />
          <CsvButton table="transfers" />
        </span>
      </div>
      <ShownRows pages={pages} empty="Nothing moved, in this period and of this kind.">
        {(rows) => (
          <GridTable
            label="Statement"
            columns={columns}
            rows={rows}
            keyOf={entryKey}
            onNearEnd={pages.readMore}
            hasCards
          />
        )}
      </ShownRows>
    </div>
  );
}

function Day({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return (
    <label class="filter">
      {label}
      <input class="input" type="date" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </label>
  );
}

function Amount({ entry }: { entry: StatementEntry }) {
  const isCash = entry.asset === account.value?.cash?.asset;
  return <Figure value={entry.amount} {...(isCash && exactMoney)} signed />;
}

function Reference({ entry: { orderId, reference, reason } }: { entry: StatementEntry }) {
  if (reason !== '') return <span title={reference}>{reason}</span>;
  if (orderId === '') return <span class="dim">{reference}</span>;
  const order = ownOrders.value.get(orderId);
  return (
    <a href={routeHash({ screen: 'orders', rest: orderId })} title={orderId}>
      {order === undefined ? `Order ${orderId}` : actText(order, placesFor(order.symbol))}
    </a>
  );
}
