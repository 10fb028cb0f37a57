import { openSheet } from '../../frame/sheets.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { account } from '../../store/account.ts';
import { areOrdersOld, openOrders } from '../../store/own-orders.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { type BlotterTab, blotterTab } from './blotter-tab.ts';
import { FillTable } from './fill-table.tsx';
import { HistoryTable } from './history-table.tsx';
import { askCancelAll, OpenOrderTable } from './open-order-table.tsx';
import { openRows } from './open-rows.ts';
import { askCloseAll, PositionTable } from './position-table.tsx';

/** Own orders, positions and fills under the chart. */
export function Blotter() {
  const count = openRows(openOrders.value).length;
  const head = (
    <Tabs
      label="Own orders"
      tabs={[
        { name: 'open', text: count === 0 ? 'Open orders' : `Open orders ${count}` },
        { name: 'positions', text: 'Positions' },
        { name: 'fills', text: 'Fills' },
        { name: 'history', text: 'History' },
      ]}
      selected={blotterTab.value}
      onSelect={(name) => {
        blotterTab.value = name;
      }}
    />
  );
  return (
    <Panel name="Orders" head={head} aside={<AllAct name={blotterTab.value} />} class="blotter">
      {isLoggedIn.value && areOrdersOld.value && (
        <p class="note old">Changes of orders do not come at the moment; they are asked for again.</p>
      )}
      {isLoggedIn.value ? <Shown name={blotterTab.value} /> : <LoggedOut />}
    </Panel>
  );
}

function Shown({ name }: { name: BlotterTab }) {
  if (name === 'open') return <OpenOrderTable />;
  if (name === 'positions') return <PositionTable />;
  return name === 'fills' ? <FillTable /> : <HistoryTable />;
}

// The act on all rows of what is shown; it asks first.
function AllAct({ name }: { name: BlotterTab }) {
  if (!isLoggedIn.value) return null;
  if (name === 'open' && openOrders.value.length > 1)
    return (
      <Button isSmall onClick={() => askCancelAll('')}>
        Cancel all
      </Button>
    );
  const held = account.value?.portfolio?.positions.filter(({ quantity }) => Number(quantity) > 0) ?? [];
  if (name !== 'positions' || held.length < 2) return null;
  return (
    <Button isSmall onClick={askCloseAll}>
      Close all
    </Button>
  );
}

function LoggedOut() {
  return (
    <div class="status">
      <p>
        Your open orders, positions, fills and history stand here.{' '}
        <Button isSmall onClick={() => (openSheet.value = 'log in')}>
          Log in
        </Button>
      </p>
    </div>
  );
}
