import { useState } from 'preact/hooks';
import { Panel } from '../../ui/panel.tsx';
import { PositionTable } from '../floor/position-table.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { EquityChart } from './equity-chart.tsx';
import { KeyFigures } from './key-figures.tsx';
import { LotMethodForm } from './lot-method-form.tsx';
import { LotSales } from './lot-sales.tsx';
import { PositionDetail } from './position-detail.tsx';
import { Sales } from './sales.tsx';

/** Portfolio: equity, cash, positions with live profit and loss and their lots, sales. */
export function PortfolioScreen() {
  const [shown, setShown] = useState('');
  return (
    <div class="page">
      <h1>Portfolio</h1>
      <Panel name="Portfolio" class="sheet bare">
        <div class="panel-body">
          <NeedsLogIn purpose="Your equity, your positions with their live profit and loss, and your sales stand here.">
            <KeyFigures />
            <EquityChart />
            <section aria-label="Positions" class="positions">
              <h2>Positions</h2>
              <PositionTable onSum={setShown} />
              {shown !== '' && <PositionDetail symbol={shown} onClose={() => setShown('')} />}
            </section>
            <Sales />
            <LotSales />
            <LotMethodForm />
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}
