import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { accountStateText, rolesText } from './account-text.ts';
import { userAdmin } from './staff-clients.ts';
import { useUserById } from './use-user-by-id.ts';

type UserTableProps = {
  /** Whether these are the accounts of the simulator's traders. */
  isHouse: boolean;
  /** What is shown of the account that was chosen. */
  detail: (user: User, onChanged: () => void) => ComponentChildren;
};

const shownMax = 200;

/** Accounts, oldest first, with a filter over those that were read; a whole id finds any account. */
export function UserTable({ isHouse, detail }: UserTableProps) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState('');
  const [round, setRound] = useState(0);
  const pages = usePages<User>(
    async (pageToken, signal) => {
      const { users, nextPageToken } = await userAdmin.listUsers({ pageSize: 200, pageToken }, { signal });
      return { rows: users, nextPageToken };
    },
    { key: `users ${round}`, keyOf: ({ userId }) => userId },
  );
  const wanted = text.trim().toLowerCase();
  const other = useUserById(wanted, pages.rows);
  const known = other === undefined ? pages.rows : [...pages.rows, other];
  const found = known.filter(
    ({ house, email, displayName, userId }) =>
      house === isHouse && `${email} ${displayName} ${userId}`.toLowerCase().includes(wanted),
  );
  const user = known.find(({ userId }) => userId === chosen);
  return (
    <>
      <p>
        <label class="filter">
          Name, address or id
          <input class="input" value={text} maxLength={254} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
      </p>
      {user !== undefined && detail(user, () => setRound(round + 1))}
      <ShownRows pages={pages} empty="There are no accounts.">
        {() => (
          <>
            <p class="hint">
              {found.length} of {pages.rows.length} accounts that were read
              {found.length > shownMax && `, the first ${shownMax} shown`}
            </p>
            <ReadTable
              label="Accounts"
              rows={found.slice(0, shownMax)}
              keyOf={({ userId }) => userId}
              isSelected={({ userId }) => userId === chosen}
              columns={[
                { name: 'Name', kind: 'wide', cell: ({ displayName }) => <b>{displayName}</b> },
                { name: 'Address', cell: ({ email }) => email },
                { name: 'Roles', cell: ({ roles }) => rolesText(roles) },
                { name: 'State', cell: ({ state }) => <State state={state} /> },
                { name: 'Fee plan', cell: ({ conditions }) => conditions?.feePlan?.name },
                { name: 'Since', cell: ({ createTime }) => <TimeCell time={createTime} /> },
                {
                  name: 'Acts',
                  kind: 'acts',
                  cell: ({ userId, displayName }) => (
                    <Button isSmall aria-label={`Open ${displayName}`} onClick={() => setChosen(userId)}>
                      Open
                    </Button>
                  ),
                },
              ]}
            />
          </>
        )}
      </ShownRows>
    </>
  );
}

function State({ state }: { state: AccountState }) {
  const text = accountStateText(state);
  return state === AccountState.ACTIVE ? <span>{text}</span> : <b class="inverted flag">{text}</b>;
}
