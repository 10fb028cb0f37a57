import { useState } from 'preact/hooks';
import { errorText } from '../../call-error.ts';
import { hasExpired, logIn } from '../rpc/session.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Dialog } from './dialog.tsx';
import { openSheet } from './sheets.ts';

const firstField = { 'data-first': true } as object;

/** Log-in over the page, which stays as it is with its drafts. */
export function LogIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setProblem('');
    try {
      await logIn(email.trim(), password);
      openSheet.value = undefined;
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Log in">
      <form class="dialog-body" onSubmit={send}>
        {hasExpired.value && <p class="note bad">Your session has ended. Log in again; your draft is still here.</p>}
        <TextField
          id="log-in-email"
          label="E-mail"
          value={email}
          onInput={setEmail}
          input={{ type: 'email', autocomplete: 'username', maxLength: 254, required: true, ...firstField }}
        />
        <TextField
          id="log-in-password"
          label="Password"
          value={password}
          onInput={setPassword}
          input={{ type: 'password', autocomplete: 'current-password', maxLength: 256, required: true }}
        />
        {problem !== '' && (
          <p class="note bad" role="alert">
            {problem}
          </p>
        )}
        <Button type="submit" kind="you" disabled={isBusy}>
          Log in
        </Button>
        <Button kind="plain" onClick={() => (openSheet.value = 'register')}>
          Open a new account
        </Button>
      </form>
    </Dialog>
  );
}
