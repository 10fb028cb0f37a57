import { useState } from 'preact/hooks';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { profile } from '../../frame/roles.ts';
import { users } from '../../rpc/clients.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Loading } from '../../ui/status.tsx';
import { ChangePassword } from './change-password.tsx';
import { Devices } from './devices.tsx';

/** Name, password and devices of the account. */
export function AccountSettings() {
  if (profile.value === undefined) return <Loading />;
  const { email, userId } = profile.value;
  return (
    <div class="settings">
      <dl class="pairs">
        <div>
          <dt>E-mail</dt>
          <dd>{email}</dd>
        </div>
        <div>
          <dt>Account</dt>
          <dd>{userId}</dd>
        </div>
      </dl>
      <DisplayName key={userId} />
      <ChangePassword />
      <Devices />
    </div>
  );
}

function DisplayName() {
  const [name, setName] = useState(profile.peek()?.displayName ?? '');
  const act = useAct();
  const save = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      const { user } = await users.updateProfile({ displayName: name.trim() });
      if (user !== undefined) profile.value = user;
      return 'Your name is changed.';
    });
  };
  return (
    <form class="form" aria-label="Name" onSubmit={save}>
      <h2>Name</h2>
      <TextField
        id="display-name"
        label="Shown name"
        value={name}
        onInput={setName}
        input={{ maxLength: 80, required: true, autocomplete: 'name' }}
      />
      <ActNote act={act} />
      <Button type="submit" disabled={act.isBusy || name.trim() === profile.value?.displayName}>
        Change the name
      </Button>
    </form>
  );
}
