import { useEffect } from 'preact/hooks';
import { announce } from '../../frame/announce.ts';
import { onCommand } from '../../keyboard/commands.ts';
import { goToSymbol } from '../../router/router.ts';
import { connection } from '../../store/connection.ts';
import { isFrozen, setFrozen } from '../../store/frame.ts';
import { preferences } from '../../store/preferences.ts';
import { quotedSymbols } from '../../store/quotes.ts';
import { selectedQuote } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { Blotter } from './blotter.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { changeDraft } from './draft.ts';
import './floor.css';
import { isListOpen, isTicketOpen, layout } from './layout.ts';
import { PhoneFloor } from './phone-floor.tsx';
import { Pit } from './pit.tsx';
import { quoteWords } from './quote-words.ts';
import { Resizer } from './resizer.tsx';
import { SymbolList } from './symbol-list.tsx';
import { TabletFloor } from './tablet-floor.tsx';
import { TapePanel } from './tape-panel.tsx';
import { Ticket } from './ticket.tsx';

/** The Floor: list, chart, Pit, tape, ticket, blotter, as the window has room for them. */
export function FloorScreen() {
  useEffect(bindKeys, []);
  if (layout.value === 'phone') return <PhoneFloor />;
  return layout.value === 'tablet' ? <TabletFloor /> : <DesktopFloor />;
}

function DesktopFloor() {
  return (
    <div class="floor" style={{ '--blotter': `${preferences.value.blotterHeight}px` }}>
      <SymbolList />
      <ChartPanel />
      <div class="pit-column">
        <Pit />
        <TapePanel />
      </div>
      <Ticket />
      <Resizer />
      <Blotter />
    </div>
  );
}

function bindKeys(): () => void {
  const ends = [
    onCommand('buy', () => openTicket('buy')),
    onCommand('sell', () => openTicket('sell')),
    onCommand('previous symbol', () => moveSymbol(-1)),
    onCommand('next symbol', () => moveSymbol(1)),
    onCommand('speak quote', speakQuote),
    onCommand('list', toggleList),
    onCommand('freeze', toggleFreeze),
  ];
  return () => {
    setFrozen(false);
    for (const end of ends) end();
  };
}

function openTicket(side: 'buy' | 'sell'): void {
  changeDraft({ side });
  isTicketOpen.value = true;
  // At once where it is shown, so that a digit that follows goes there; once it is shown where it is a sheet or a tab.
  if (!focusQuantity()) setTimeout(focusQuantity, 50);
}

function focusQuantity(): boolean {
  const quantity = document.getElementById('ticket-quantity');
  quantity?.focus();
  return quantity !== null && document.activeElement === quantity;
}

function toggleFreeze(): void {
  setFrozen(!isFrozen.peek());
  announce(isFrozen.peek() ? 'Figures are frozen. Nothing is sent.' : 'Figures go on.', 'freeze');
}

function moveSymbol(by: number): void {
  const symbols = quotedSymbols.peek();
  const next = symbols[symbols.indexOf(selectedSymbol.peek()) + by];
  if (next !== undefined) goToSymbol(next);
}

function speakQuote(): void {
  const quote = selectedQuote.peek();
  if (quote !== undefined) announce(quoteWords(quote, connection.peek()), 'quote');
}

function toggleList(): void {
  isListOpen.value = !isListOpen.value;
  if (layout.peek() === 'desktop') document.querySelector<HTMLElement>('#panel-symbols [tabindex="0"]')?.focus();
}
