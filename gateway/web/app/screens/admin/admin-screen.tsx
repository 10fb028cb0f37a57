import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { profile } from '../../frame/roles.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty, Loading } from '../../ui/status.tsx';
import { NeedsLogIn } from '../needs-log-in.tsx';
import { UserTable } from '../operations/user-table.tsx';
import { SectionTabs, sectionOf } from '../section-tabs.tsx';
import { Adjustments } from './adjustments.tsx';
import { IssueShares } from './issue-shares.tsx';
import { NewInstrument } from './new-instrument.tsx';
import { RolesForm } from './roles-form.tsx';

const tabs = [
  { name: 'roles', text: 'Roles' },
  { name: 'issues', text: 'Issues' },
  { name: 'adjustments', text: 'Adjustments' },
  { name: 'listings', text: 'Listings' },
] as const;

/** Admin: roles, issues of shares, corrections of accounts, listings. */
export function AdminScreen({ rest }: { rest: string }) {
  const selected = sectionOf(tabs, rest);
  return (
    <div class="page">
      <h1>Admin</h1>
      <Panel name="Admin" head={<SectionTabs screen="admin" tabs={tabs} selected={selected} />} class="sheet">
        <div class="panel-body">
          <NeedsLogIn purpose="What administrators do stands here.">
            <Part name={selected} />
          </NeedsLogIn>
        </div>
      </Panel>
    </div>
  );
}

function Part({ name }: { name: (typeof tabs)[number]['name'] }) {
  if (profile.value === undefined) return <Loading />;
  if (!profile.value.roles.includes(Role.ADMIN)) return <Empty>This is for administrators.</Empty>;
  if (name === 'issues') return <IssueShares />;
  if (name === 'adjustments') return <Adjustments />;
  if (name === 'listings') return <NewInstrument />;
  return (
    <UserTable
      isHouse={false}
      detail={(user, onChanged) => (
        <RolesForm key={`${user.userId} ${user.roles.join()}`} user={user} onChanged={onChanged} />
      )}
    />
  );
}
