import { useState } from 'preact/hooks';
import type { User } from '#gen/outcry/user/v1/user_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { TextField } from '../../ui/field.tsx';
import { conditionFields, conditionsOf, draftOf, wrongFields } from './conditions-draft.ts';
import { userAdmin } from './staff-clients.ts';

type ConditionsFormProps = { user: User; onChanged: () => void; onLeave: () => void };

/** The trading conditions of an account, replaced as a whole. */
export function ConditionsForm({ user, onChanged, onLeave }: ConditionsFormProps) {
  const [draft, setDraft] = useState(draftOf(user.conditions));
  const wrong: readonly string[] = wrongFields(draft);
  return (
    <section class="form" aria-label="Conditions">
      <h2>Conditions of {user.displayName}</h2>
      {conditionFields.map(({ name, label, kind }) => (
        <TextField
          key={name}
          id={`condition-${name}`}
          label={label}
          isInvalid={wrong.includes(name)}
          hint={kind === 'amount' && draft[name] === '' ? 'Empty: no limit' : undefined}
          value={draft[name]}
          onInput={(text) => setDraft({ ...draft, [name]: text })}
          input={{ maxLength: 32, autocomplete: 'off', inputMode: kind === 'text' ? 'text' : 'decimal' }}
        />
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={draft.marketOrdersPermitted}
          onChange={(event) => setDraft({ ...draft, marketOrdersPermitted: event.currentTarget.checked })}
        />
        Market orders and stops are permitted
      </label>
      {wrong.length === 0 ? (
        <TypedName
          id="conditions-name"
          sentence="They hold from the next order on; open orders stay as they are."
          name={user.email}
          act="Set the conditions"
          work={async () => {
            await userAdmin.setConditions({ userId: user.userId, conditions: conditionsOf(draft) });
            return `Conditions of ${user.email} are set.`;
          }}
          onDone={onChanged}
          onLeave={onLeave}
        />
      ) : (
        <p class="note old">What is framed is no number within its bound.</p>
      )}
    </section>
  );
}
