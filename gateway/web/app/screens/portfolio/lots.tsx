import type { ListLotsResponse, Lot, Position } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactMoney } from '../../figures/figure-text.ts';
import { millisOf } from '../../figures/time-text.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { portfolio } from '../../rpc/clients.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs } from '../../store/market-clock.ts';
import { quoteOf } from '../../store/quotes.ts';
import type { ReadColumn } from '../../ui/read-table.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { QuantityCell, TimeCell } from '../floor/order-columns.tsx';
import { ageText, lotGain, paidNet } from './lot-figures.ts';

// A symbol has 100 lots at most.
const pageSize = 200;
const triesMax = 10;
const tryEveryMs = 300;

/** What each purchase of a position has left, at the last price, and how that ties to the average cost. */
export function Lots({ position }: { position: Position }) {
  const { symbol, quantity, cost } = position;
  // Read again once it was bought or sold.
  const reading = useReading((signal) => readLots(symbol, signal), { key: `lots ${symbol} ${quantity} ${cost}` });
  return (
    <section aria-label={`Lots of ${symbol}`} class="lots">
      <h3>{symbol}: what each purchase has left</h3>
      <Shown reading={reading} rows={4}>
        {({ lots, total, isBehind }) => (
          <>
            {isBehind && (
              <p class="note old">These lots are not up to date yet: they follow the ledger by themselves.</p>
            )}
            <ReadTable
              label={`Lots of ${symbol}`}
              rows={lots}
              keyOf={({ lotId }) => String(lotId)}
              columns={columnsOf(symbol)}
            />
            {total && <Tie position={position} total={total} />}
          </>
        )}
      </Shown>
    </section>
  );
}

function columnsOf(symbol: string): ReadColumn<Lot>[] {
  return [
    { name: 'Acquired', cell: (lot) => <Acquired lot={lot} /> },
    { name: 'Age', cell: ({ acquireTime }) => ageText(millisOf(acquireTime), nowMs.peek()) },
    { name: 'Quantity', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
    {
      name: 'Cost a share',
      kind: 'number',
      cell: ({ unitCost }) => <Figure value={unitCost} places={placesFor(symbol).average} />,
    },
    { name: 'Cost', kind: 'number', cell: ({ cost }) => <Figure value={cost} {...exactMoney} /> },
    { name: 'Gain, open', kind: 'number', cell: (lot) => <OpenGain lot={lot} /> },
  ];
}

function Acquired({ lot }: { lot: Lot }) {
  if (lot.purchaseCount <= 1n) return <TimeCell time={lot.acquireTime} />;
  return (
    <>
      <TimeCell time={lot.acquireTime} /> to <TimeCell time={lot.lastAcquireTime} />, {String(lot.purchaseCount)}{' '}
      purchases
    </>
  );
}

function OpenGain({ lot }: { lot: Lot }) {
  const last = quoteOf(lot.symbol).value?.lastPrice ?? '';
  return <Figure value={lotGain(lot, last)} {...exactMoney} isChange />;
}

/** Both ways of counting end at the same: what was paid for shares less what they brought. */
function Tie({ position, total }: { position: Position; total: NonNullable<ListLotsResponse['total']> }) {
  const rows = [
    { name: 'By lots', ...total },
    { name: 'By average cost', ...position },
  ];
  return (
    <ReadTable
      label={`Lots and average cost of ${position.symbol}`}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { name: 'Counted', cell: ({ name }) => name },
        { name: 'Quantity', kind: 'number', cell: ({ quantity }) => <QuantityCell quantity={quantity} /> },
        { name: 'Cost', kind: 'number', cell: ({ cost }) => <Figure value={cost} {...exactMoney} /> },
        {
          name: 'Gain of sales',
          kind: 'number',
          cell: ({ realizedPnl }) => <Figure value={realizedPnl} {...exactMoney} isChange />,
        },
        { name: 'Cost less gain', kind: 'number', cell: (row) => <Figure value={paidNet(row)} {...exactMoney} /> },
      ]}
    />
  );
}

/** The lots once they are as new as the position that is shown, or as they are when they are long behind it. */
async function readLots(symbol: string, signal: AbortSignal) {
  for (let tries = 1; ; tries++) {
    const { lots, total, ledgerSequence } = await portfolio.listLots({ symbol, pageSize }, { signal });
    const isBehind = ledgerSequence < (account.peek()?.portfolio?.ledgerSequence ?? 0n);
    if (!isBehind || tries === triesMax) return { lots, total, isBehind };
    await new Promise((resolve) => setTimeout(resolve, tryEveryMs));
  }
}
