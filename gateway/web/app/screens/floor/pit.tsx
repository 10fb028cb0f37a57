import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { Figure } from '../../figures/figure.tsx';
import { figureText } from '../../figures/figure-text.ts';
import { shownState } from '../../frame/shown-state.ts';
import { book, isBookOld } from '../../store/depth.ts';
import { placesFor } from '../../store/instruments.ts';
import { selectedInstrument, selectedQuote } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/status.tsx';
import { armedText, isArmed, pullAt, sendArmed } from './armed.ts';
import { ArmButton, ArmedBar } from './armed-bar.tsx';
import { takePrice } from './draft.ts';
import { groupSteps, heldLadder, type Ladder, type LadderRow, ladder } from './ladder.ts';
import { ownLevels } from './own-levels.ts';
import './pit.css';

const rowsMax = 16;
const groupIndex = signal(0);
const cursor = signal(0);

/** The Pit: asks above, bids below, the floor between them. A press takes a price into the ticket, and never changes its side. */
export function Pit() {
  const steps = groupSteps(selectedInstrument.value?.tickSize ?? '0.01');
  const move = (by: number) => {
    groupIndex.value = Math.max(0, Math.min(steps.length - 1, groupIndex.value + by));
  };
  const step = steps[groupIndex.value] ?? 10_000n;
  const aside = (
    <>
      <ArmButton />
      <span class="dim figure">{figureText(microsText(step))}</span>
      <Button isSmall aria-label="Finer prices" onClick={() => move(-1)}>
        {'\u2212'}
      </Button>
      <Button isSmall aria-label="Coarser prices" onClick={() => move(1)}>
        +
      </Button>
    </>
  );
  return (
    <Panel name="Pit" class={isBookOld.value ? 'pit-panel stale' : 'pit-panel'} aside={aside}>
      {isBookOld.value && <p class="note old">The book is old: it is asked for again.</p>}
      <ArmedBar />
      <div class="pit-heads head">
        <span>Own</span>
        <span>Size</span>
        <span>Price</span>
      </div>
      {book.value === undefined ? <Loading rows={12} /> : <Rows step={step} onGroup={move} />}
    </Panel>
  );
}

function Rows({ step, onGroup }: { step: bigint; onGroup: (by: number) => void }) {
  const held = useRef<Ladder | undefined>(undefined);
  const { bids = [], asks = [] } = book.value ?? {};
  const current = ladder({ bids, asks, own: ownLevels.value, step, rowsMax });
  const shown = held.current === undefined ? current : heldLadder(held.current, current);
  const rows = [...shown.asks.toReversed(), ...shown.bids];
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const group = { '+': 1, '-': -1 }[event.key];
    const row = rows[cursor.value];
    if (by !== undefined) cursor.value = Math.max(0, Math.min(rows.length - 1, cursor.value + by));
    else if (group !== undefined) onGroup(group);
    else if (event.key === ' ') cursor.value = shown.asks.length;
    else if (event.ctrlKey && row !== undefined && isArmed.peek()) actArmed(event, row.price, step);
    else if (event.key === 'Enter' && row !== undefined) takePrice(row.price, placesFor(selectedSymbol.peek()).price);
    else return;
    event.preventDefault();
  };
  // A finger leaves no place that rows should be held under.
  const hold = ({ pointerType }: PointerEvent) => {
    if (pointerType === 'mouse') held.current ??= current;
  };
  const release = () => {
    held.current = undefined;
  };
  return (
    <div
      class="pit"
      role="listbox"
      aria-label={`Depth of ${selectedSymbol.value}`}
      aria-activedescendant={`pit-row-${cursor.value}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerEnter={hold}
      onPointerLeave={release}
    >
      <div class="pit-side asks">
        {shown.asks.map((row, index) => (
          <Row key={index} row={row} side="ask" index={shown.asks.length - 1 - index} />
        ))}
      </div>
      <Floor />
      <div class="pit-side bids">
        {shown.bids.map((row, index) => (
          <Row key={index} row={row} side="bid" index={shown.asks.length + index} />
        ))}
      </div>
    </div>
  );
}

// Ctrl+Enter sends at the cursor, Ctrl+Backspace pulls own orders there; never by a held key.
function actArmed({ key, repeat }: KeyboardEvent, price: string, step: bigint): void {
  if (repeat) return;
  if (key === 'Enter') sendArmed(price, placesFor(selectedSymbol.peek()).price);
  if (key === 'Backspace') pullAt(price, step);
}

function Row({ row, side, index }: { row: LadderRow; side: 'bid' | 'ask'; index: number }) {
  const { price, quantity } = placesFor(selectedSymbol.value);
  const words = side === 'bid' ? 'Buyers' : 'Sellers';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys act on the ladder, as the list box pattern has it
    <div
      class="pit-row"
      role="option"
      id={`pit-row-${index}`}
      aria-selected={cursor.value === index}
      title={isArmed.value ? armedText(row.price, price) : undefined}
      onClick={() => (isArmed.peek() ? sendArmed(row.price, price) : takePrice(row.price, price))}
    >
      <span class="hidden">{words}</span>
      <span class="bar" style={{ transform: `scaleX(${row.share})` }} />
      <span class="step" style={{ transform: `translateX(${(1 - row.share) * 100}%)` }} />
      <span class="figure own">{row.own === '' ? '' : figureText(row.own, { trimmed: true })}</span>
      <Figure value={row.quantity} places={quantity} trimmed />
      <Figure class="price" value={row.price} places={price} />
    </div>
  );
}

function Floor() {
  const quote = selectedQuote.value;
  const { price } = placesFor(selectedSymbol.value);
  const { kind, word, text } = shownState.value;
  if (kind === 'auction' || kind === 'halted') {
    return (
      <div class="pit-floor inverted" role="presentation">
        <span class="middle">{kind === 'auction' ? figureText(quote?.indicativePrice, { places: price }) : word}</span>
        <span title={text}>{kind === 'auction' ? 'indicative' : 'no trading'}</span>
      </div>
    );
  }
  const [low, high] = [parseMicros(quote?.bidPrice), parseMicros(quote?.askPrice)];
  const spread = low === undefined || high === undefined ? undefined : microsText(high - low);
  return (
    <div class="pit-floor" role="presentation">
      <Figure class="middle" value={quote?.lastPrice} places={price} />
      <span class="dim">
        spread <Figure value={spread} places={price} />
      </span>
    </div>
  );
}
