import { useState } from 'preact/hooks';
import { Figure } from '../figures/figure.tsx';
import { goToSymbol } from '../router/router.ts';
import { instruments, placesFor } from '../store/instruments.ts';
import { quoteOf } from '../store/quotes.ts';
import { Dialog } from './dialog.tsx';
import { searchMatches } from './search-matches.ts';
import { openSheet } from './sheets.ts';

/** Search of a symbol by symbol or name. */
export function Search() {
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const matchesOf = (typed: string) => searchMatches([...instruments.value.values()], typed);
  const matches = matchesOf(text);
  const active = matches[Math.min(index, matches.length - 1)];
  const take = (symbol: string) => {
    openSheet.value = undefined;
    goToSymbol(symbol);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setIndex(Math.max(0, Math.min(matches.length - 1, index + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // The last letters may not be rendered yet.
      const typed = event.currentTarget.value;
      const chosen = typed === text ? active : matchesOf(typed)[0];
      if (chosen !== undefined) take(chosen.symbol);
    }
  };
  return (
    <Dialog title="Search">
      <input
        class="input"
        role="combobox"
        aria-label="Symbol or name"
        aria-expanded="true"
        aria-controls="search-results"
        aria-activedescendant={active === undefined ? undefined : `result-${active.symbol}`}
        autocomplete="off"
        data-first
        maxLength={40}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul class="results" id="search-results" role="listbox" aria-label="Instruments">
        {matches.map(({ symbol, name }) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys act in the field, as the combobox pattern has it
          <li
            key={symbol}
            id={`result-${symbol}`}
            role="option"
            aria-selected={symbol === active?.symbol}
            tabIndex={-1}
            onClick={() => take(symbol)}
          >
            <b>{symbol}</b>
            <span class="dim">{name}</span>
            <Figure value={quoteOf(symbol).value?.lastPrice} places={placesFor(symbol).price} />
          </li>
        ))}
      </ul>
      {matches.length === 0 && <p class="dim">No symbol or name has “{text}”.</p>}
    </Dialog>
  );
}
