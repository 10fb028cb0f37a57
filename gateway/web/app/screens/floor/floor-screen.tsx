import { preferences } from '../../store/preferences.ts';
import { Blotter } from './blotter.tsx';
import { ChartPanel } from './chart-panel.tsx';
import './floor.css';
import { Pit } from './pit.tsx';
import { SymbolList } from './symbol-list.tsx';
import { TapePanel } from './tape-panel.tsx';
import { Ticket } from './ticket.tsx';

/** The Floor: list, chart, Pit, tape, ticket, blotter. */
export function FloorScreen() {
  return (
    <div class="floor" style={{ '--blotter': `${preferences.value.blotterHeight}px` }}>
      <SymbolList />
      <ChartPanel />
      <div class="pit-column">
        <Pit />
        <TapePanel />
      </div>
      <Ticket />
      <Blotter />
    </div>
  );
}
