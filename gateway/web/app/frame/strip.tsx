import { microsText, parseMicros } from '../figures/decimal.ts';
import { Figure } from '../figures/figure.tsx';
import { volumeText } from '../figures/figure-text.ts';
import { TickingFigure } from '../figures/ticking-figure.tsx';
import { connection } from '../store/connection.ts';
import { instruments, placesFor } from '../store/instruments.ts';
import { selectedInstrument, selectedQuote } from '../store/selected-instrument.ts';
import { selectedSymbol } from '../store/selection.ts';
import './strip.css';
import { shownState } from './shown-state.ts';

/** The selected symbol at a glance: last, change, best prices, spread, state. Inverted while trading is interrupted. */
export function Strip() {
  const symbol = selectedSymbol.value;
  const quote = selectedQuote.value;
  const { price } = placesFor(symbol);
  const isStale = connection.value.word !== 'live' && connection.value.word !== 'connecting';
  const { kind } = shownState.value;
  const isInverted = kind === 'halted' || kind === 'auction';
  return (
    <section
      aria-label="Selected symbol"
      class={['strip', isInverted && 'inverted', isStale && 'stale'].filter(Boolean).join(' ')}
    >
      <h1>
        {symbol || '\u2013'}
        <span class="name">
          {isUnknown(symbol) ? 'There is no such symbol; / searches one.' : selectedInstrument.value?.name}
        </span>
      </h1>
      <TickingFigure key={symbol} class="last" value={quote?.lastPrice} places={price} />
      <Figure class="change" value={quote?.changePercent} places={2} unit="%" isChange />
      <dl>
        <div class="extra">
          <dt>Bid x Ask</dt>
          <dd>
            <Figure class="bid" value={quote?.bidPrice} places={price} /> <span class="dim">x</span>{' '}
            <Figure class="ask" value={quote?.askPrice} places={price} />
          </dd>
        </div>
        <div class="extra">
          <dt>Spread</dt>
          <dd>
            <Figure value={spreadOf(quote?.bidPrice, quote?.askPrice)} places={price} />
          </dd>
        </div>
        <div class="extra">
          <dt>24 h volume</dt>
          <dd class="figure">{volumeText(quote?.volume)}</dd>
        </div>
      </dl>
      <StateWord />
    </section>
  );
}

// Once all instruments are read; a new one may have a quote first.
function isUnknown(symbol: string): boolean {
  return (
    instruments.value.size > 0 && !instruments.value.has(symbol) && selectedQuote.value === undefined && symbol !== ''
  );
}

// It counts down, so that it alone is painted again.
function StateWord() {
  const { word, text } = shownState.value;
  return (
    <p class="state">
      <b>{word}</b> {text}
    </p>
  );
}

// None where orders cross, as they do while an auction collects them.
function spreadOf(bid: string | undefined, ask: string | undefined): string | undefined {
  const [low, high] = [parseMicros(bid), parseMicros(ask)];
  return low === undefined || high === undefined || high < low ? undefined : microsText(high - low);
}
