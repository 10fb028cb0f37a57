import { useState } from 'preact/hooks';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { profile } from '../../frame/roles.ts';
import { users } from '../../rpc/clients.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

const empty = { current: '', next: '' };

/** A new password; every other session ends. */
export function ChangePassword() {
  const [form, setForm] = useState(empty);
  const act = useAct();
  const send = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      await users.changePassword({ currentPassword: form.current, newPassword: form.next });
      setForm(empty);
      return 'Your password is changed. All other devices are logged out.';
    });
  };
  return (
    <form class="form" aria-label="Password" onSubmit={send}>
      <h2>Password</h2>
      {/* By it a password manager finds the account. */}
      <input type="text" autocomplete="username" value={profile.value?.email ?? ''} readOnly hidden />
      <TextField
        id="current-password"
        label="Current"
        value={form.current}
        onInput={(current) => setForm({ ...form, current })}
        input={{ type: 'password', autocomplete: 'current-password', maxLength: 256, required: true }}
      />
      <TextField
        id="new-password"
        label="New"
        hint="10 characters or more, hard to guess"
        value={form.next}
        onInput={(next) => setForm({ ...form, next })}
        input={{ type: 'password', autocomplete: 'new-password', minLength: 10, maxLength: 256, required: true }}
      />
      <ActNote act={act} />
      <Button type="submit" disabled={act.isBusy}>
        Change the password
      </Button>
    </form>
  );
}
