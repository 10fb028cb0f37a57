import { useState } from 'preact/hooks';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { Figure } from '../../figures/figure.tsx';
import { figureText } from '../../figures/figure-text.ts';
import { timeText } from '../../figures/time-text.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { box, type Curve, curveOf } from './curve-path.ts';
import type { EquityPoint } from './equity-curve.ts';
import { readEquity, type SpanName, spans } from './read-equity.ts';

const readEveryMs = 30_000;

/** Equity over a span, as a line or as a table. */
export function EquityChart() {
  const [span, setSpan] = useState<SpanName>('day');
  const [isTable, setTable] = useState(false);
  const reading = useReading((signal) => readEquity(span, nowMs.peek(), signal), { key: span, everyMs: readEveryMs });
  return (
    <section aria-label="Equity" class="equity">
      <div class="equity-head">
        <h2>Equity</h2>
        <RadioGroup name="span" label="Span" options={spans} value={span} onChange={setSpan} />
        <Button isSmall aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Show as a line' : 'Show as a table'}
        </Button>
      </div>
      <Shown reading={reading} rows={8}>
        {(points) => <EquityShown points={points} isTable={isTable} />}
      </Shown>
      <p class="hint">
        Rebuilt from your movements and the closes of candles: the server stores no equity of the past. Deposits and
        withdrawals are steps in it.
      </p>
    </section>
  );
}

function EquityShown({ points, isTable }: { points: readonly EquityPoint[]; isTable: boolean }) {
  const curve = curveOf(points);
  if (curve === undefined)
    return <p class="status">Too early for a curve: in this span there is one value of your account, or none.</p>;
  return isTable ? <PointTable points={points} /> : <Line curve={curve} />;
}

function Line({ curve }: { curve: Curve }) {
  const { first, last, low, high } = curve;
  const change = microsText((parseMicros(last.equity) ?? 0n) - (parseMicros(first.equity) ?? 0n), 2);
  const at = ({ timeMs }: EquityPoint) => timeText(timeMs, zone.value, nowMs.peek(), 'minutes');
  const money = ({ equity }: EquityPoint) => figureText(equity, { places: 2 });
  const summary = `From ${money(first)} at ${at(first)} to ${money(last)} at ${at(last)}; lowest ${money(low)} at ${at(low)}, highest ${money(high)} at ${at(high)}`;
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${box.width} ${box.height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        <path d={curve.path} fill="none" stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke" />
      </svg>
      <span class="high figure">{money(high)}</span>
      <span class="low figure">{money(low)}</span>
      <figcaption>
        <span>{at(first)}</span>
        <span>
          <Figure value={change} places={2} isChange /> in this span
        </span>
        <span>{at(last)}</span>
      </figcaption>
    </figure>
  );
}

function PointTable({ points }: { points: readonly EquityPoint[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard has to reach
    <div class="curve-table" tabIndex={0} role="region" aria-label="Equity as a table">
      <ReadTable
        label="Equity over time"
        rows={points.toReversed()}
        keyOf={({ timeMs }) => String(timeMs)}
        columns={[
          { name: 'Time', cell: ({ timeMs }) => timeText(timeMs, zone.value, nowMs.peek()) },
          { name: 'Equity', kind: 'number', cell: ({ equity }) => <Figure value={equity} places={2} /> },
        ]}
      />
    </div>
  );
}
