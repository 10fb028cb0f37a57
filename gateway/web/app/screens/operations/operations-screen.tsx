import { mayOperate, profile } from '../../frame/roles.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { SectionTabs, sectionOf } from '../section-tabs.tsx';
import { AccountControl } from './account-control.tsx';
import { Audit } from './audit-now.tsx';
import { DeadEventTable } from './dead-event-table.tsx';
import { DeadLetterTable } from './dead-letter-table.tsx';
import { Payments } from './payments.tsx';
import { Services } from './services.tsx';
import { TradingControl } from './trading-control.tsx';
import { UserTable } from './user-table.tsx';

const tabs = [
  { name: 'services', text: 'Services' },
  { name: 'audit', text: 'Audit' },
  { name: 'trading', text: 'Instruments and halts' },
  { name: 'users', text: 'Accounts' },
  { name: 'house', text: 'House traders' },
  { name: 'payments', text: 'Payments' },
  { name: 'dead', text: 'Dead letters' },
] as const;

/** Operations: what operators see and do. */
export function OperationsScreen({ rest }: { rest: string }) {
  const selected = sectionOf(tabs, rest);
  return (
    <div class="page">
      <h1>Operations</h1>
      <Panel name="Operations" head={<SectionTabs screen="operations" tabs={tabs} selected={selected} />} class="sheet">
        <div class="panel-body">
          <NeedsLogIn purpose="What operators see and do stands here.">
            <ForStaff>
              <Part name={selected} />
            </ForStaff>
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}

function ForStaff({ children }: { children: preact.ComponentChildren }) {
  if (profile.value === undefined) return <Loading />;
  return mayOperate.value ? <div>{children}</div> : <Empty>This is for operators and administrators.</Empty>;
}

function Part({ name }: { name: (typeof tabs)[number]['name'] }) {
  switch (name) {
    case 'services':
      return <Services />;
    case 'audit':
      return <Audit />;
    case 'trading':
      return <TradingControl />;
    case 'users':
    case 'house':
      return (
        <UserTable
          key={name}
          isHouse={name === 'house'}
          detail={(user, onChanged) => (
            <AccountControl key={`${user.userId} ${user.conditionsVersion}`} user={user} onChanged={onChanged} />
          )}
        />
      );
    case 'payments':
      return <Payments />;
    case 'dead':
      return (
        <>
          <DeadEventTable />
          <DeadLetterTable />
        </>
      );
  }
}
