import { useState } from 'preact/hooks';
import type { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { limitRows } from '../money/fee-text.ts';
import { accountStateText, rolesText, stateActs } from './account-text.ts';
import { ConditionsForm } from './conditions-form.tsx';
import { userAdmin } from './staff-clients.ts';

type AccountControlProps = { user: User; onChanged: () => void };

/** One account: who it is, its limits, and the acts on it, each with its address typed. */
export function AccountControl({ user, onChanged }: AccountControlProps) {
  const [asking, setAsking] = useState<AccountState | 'conditions' | undefined>(undefined);
  const leave = () => setAsking(undefined);
  const change = stateActs.find(({ state }) => state === asking);
  return (
    <section class="inspected" aria-label={`Account of ${user.displayName}`}>
      <h2>{user.displayName}</h2>
      <p class="dim">
        {user.email || 'no address'}, {user.userId}, {rolesText(user.roles)}, {accountStateText(user.state)}
      </p>
      <p class="buttons">
        {stateActs
          .filter(({ state }) => state !== user.state)
          .map(({ state, act }) => (
            <Button key={act} isSmall onClick={() => setAsking(state)}>
              {act}
            </Button>
          ))}
        <Button isSmall onClick={() => setAsking('conditions')}>
          Change conditions
        </Button>
      </p>
      {change !== undefined && <StateChange user={user} change={change} onChanged={onChanged} onLeave={leave} />}
      {asking === 'conditions' ? (
        <ConditionsForm user={user} onChanged={onChanged} onLeave={leave} />
      ) : (
        <dl class="pairs">
          {user.conditions !== undefined &&
            limitRows(user.conditions).map(([name, text]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
        </dl>
      )}
    </section>
  );
}

type StateChangeProps = AccountControlProps & { change: (typeof stateActs)[number]; onLeave: () => void };

function StateChange({ user, change, onChanged, onLeave }: StateChangeProps) {
  const [note, setNote] = useState('');
  const name = user.email || user.displayName;
  return (
    <>
      <TextField id="state-note" label="Why" value={note} onInput={setNote} input={{ maxLength: 200 }} />
      <TypedName
        key={change.act}
        id="state-name"
        sentence={`${name} then ${change.sentence}`}
        name={name}
        act={`${change.act} the account`}
        work={async () => {
          await userAdmin.setAccountState({ userId: user.userId, state: change.state, note: note.trim() });
          return `${name} is ${accountStateText(change.state).toLowerCase()}.`;
        }}
        onDone={onChanged}
        onLeave={onLeave}
      />
    </>
  );
}
