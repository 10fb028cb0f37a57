import { useSignalEffect } from '@preact/signals';
import { Blotter } from './blotter.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { isListOpen, isTicketOpen, type Part, shownPart } from './layout.ts';
import { PartTabs } from './part-tabs.tsx';
import { Pit } from './pit.tsx';
import { SymbolList } from './symbol-list.tsx';
import './tablet.css';
import { TapePanel } from './tape-panel.tsx';
import { Ticket } from './ticket.tsx';

const parts: readonly { name: Part; text: string }[] = [
  { name: 'pit', text: 'Pit' },
  { name: 'ticket', text: 'Ticket' },
  { name: 'tape', text: 'Tape' },
];

/** The Floor on a tablet: chart over blotter, a column of tabs beside them, the list in a drawer. */
export function TabletFloor() {
  useSignalEffect(() => {
    if (!isTicketOpen.value) return;
    isTicketOpen.value = false;
    shownPart.value = 'ticket';
  });
  const part = parts.some(({ name }) => name === shownPart.value) ? shownPart.value : 'pit';
  return (
    <div class="tablet-floor">
      <ChartPanel />
      <Blotter />
      <div class="tablet-side">
        <div class="panel-head">
          <PartTabs parts={parts} selected={part} />
        </div>
        {part === 'ticket' ? <Ticket /> : part === 'tape' ? <TapePanel /> : <Pit />}
      </div>
      {isListOpen.value && (
        <div class="drawer">
          <SymbolList />
        </div>
      )}
    </div>
  );
}
