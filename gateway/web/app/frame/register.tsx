import { useRef, useState } from 'preact/hooks';
import { ActNote } from '../acting/act-note.tsx';
import { notDone } from '../acting/not-done.ts';
import { useAct } from '../acting/use-act.ts';
import { users } from '../rpc/clients.ts';
import { failureOf } from '../rpc/failure.ts';
import { logIn } from '../rpc/session.ts';
import { newKey } from '../trading/client-key.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Dialog } from './dialog.tsx';
import { openSheet } from './sheets.ts';

/** A new account over the page, which stays as it is; its owner is logged in then. */
export function Register() {
  const [form, setForm] = useState({ name: '', email: '', password: '' });
  const act = useAct();
  // An unchanged form that is sent again is the same account.
  const key = useRef(newKey());
  const change = (changes: Partial<typeof form>) => {
    key.current = newKey();
    setForm({ ...form, ...changes });
  };
  const send = async (event: Event) => {
    event.preventDefault();
    const isDone = await act.run(() => registerAndLogIn({ ...form, key: key.current }));
    if (isDone) openSheet.value = undefined;
  };
  return (
    <Dialog title="New account">
      <form class="dialog-body" onSubmit={send}>
        <TextField
          id="register-name"
          label="Name"
          value={form.name}
          onInput={(name) => change({ name })}
          input={{ autocomplete: 'name', maxLength: 80, required: true, autofocus: true }}
        />
        <TextField
          id="register-email"
          label="E-mail"
          value={form.email}
          onInput={(email) => change({ email })}
          input={{ type: 'email', autocomplete: 'username', maxLength: 254, required: true }}
        />
        <TextField
          id="register-password"
          label="Password"
          hint="10 characters or more, hard to guess"
          value={form.password}
          onInput={(password) => change({ password })}
          input={{ type: 'password', autocomplete: 'new-password', minLength: 10, maxLength: 256, required: true }}
        />
        <ActNote act={act} />
        <Button type="submit" kind="you" disabled={act.isBusy}>
          Open the account
        </Button>
        <Button kind="plain" onClick={() => (openSheet.value = 'log in')}>
          Log in to an account that exists
        </Button>
      </form>
    </Dialog>
  );
}

async function registerAndLogIn(form: { name: string; email: string; password: string; key: string }): Promise<string> {
  const email = form.email.trim();
  await users.register({ idempotencyKey: form.key, email, password: form.password, displayName: form.name.trim() });
  try {
    await logIn(email, form.password);
  } catch (error) {
    // An address that is taken is answered like a new one.
    const { message } = failureOf(error);
    const text = `no log-in with this address and password (${message}); the address may have an account already`;
    throw notDone(text);
  }
  return 'Your account is open.';
}
