import { useState } from 'preact/hooks';
import { instruments } from '../../store/instruments.ts';
import { Panel } from '../../ui/panel.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { OrderDetail } from './order-detail.tsx';
import { noFilter, type OrderFilter, sideFilters, stateFilters } from './order-filter.ts';
import { OrderList } from './order-list.tsx';

/** Orders: all of them with their reasons, filtered; one of them beside the list. */
export function OrdersScreen({ rest }: { rest: string }) {
  const [filter, setFilter] = useState(noFilter);
  return (
    <div class="page">
      <h1>Orders</h1>
      <Panel name="All orders" class="sheet bare filled">
        <div class="panel-body">
          <NeedsLogIn purpose="All your orders, open and ended, stand here with what became of them and why.">
            <Filters filter={filter} onChange={setFilter} />
            <div class={rest === '' ? 'list-and-detail' : 'list-and-detail with-detail'}>
              <OrderList filter={filter} selected={rest} />
              {rest !== '' && <OrderDetail orderId={rest} />}
            </div>
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}

function Filters({ filter, onChange }: { filter: OrderFilter; onChange: (filter: OrderFilter) => void }) {
  const symbols = [...instruments.value.keys()].toSorted();
  return (
    <div class="filters">
      <RadioGroup
        name="state"
        label="State"
        options={stateFilters}
        value={filter.state}
        onChange={(state: OrderFilter['state']) => onChange({ ...filter, state })}
      />
      <RadioGroup
        name="side"
        label="Side"
        options={sideFilters}
        value={filter.side}
        onChange={(side: OrderFilter['side']) => onChange({ ...filter, side })}
      />
      <label class="filter">
        Symbol
        <select
          class="input"
          value={filter.symbol}
          onChange={(event) => onChange({ ...filter, symbol: event.currentTarget.value })}
        >
          <option value="">all</option>
          {symbols.map((symbol) => (
            <option key={symbol} value={symbol}>
              {symbol}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
