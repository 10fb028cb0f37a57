/** The log-in form, and what replaces it while a user is logged in. */
import { session, user } from './api.ts';
import { errorText } from './call-error.ts';
import { byId, fieldsOf, setText } from './dom.ts';

/** Wires the form; `onSession` runs for each session, with a signal that aborts at its end. */
export function wireLogIn(onSession: (signal: AbortSignal) => void): void {
  const form = byId<HTMLFormElement>('log-in');
  const answer = byId('log-in-answer');
  const title = byId('account-title');
  let current = new AbortController();
  const show = (isOpen: boolean) => {
    form.hidden = isOpen;
    byId('account').hidden = !isOpen;
  };
  const begin = () => {
    current = new AbortController();
    show(true);
    void showWho(current.signal);
    onSession(current.signal);
  };
  session.onChange((change) => {
    if (change === 'opened') {
      setText(answer, '');
      form.reset();
      begin();
      // The form that had the focus is gone.
      title.focus();
      return;
    }
    current.abort();
    show(false);
    setText(answer, change === 'expired' ? 'Your session has ended. Log in again.' : '');
    if (change === 'logged out') title.focus();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const email = fieldsOf(form).email ?? '';
    // A password may begin or end with a space.
    const password = String(new FormData(form).get('password') ?? '');
    setText(answer, '');
    session.logIn(email, password).catch((error: unknown) => setText(answer, errorText(error)));
  });
  byId('log-out').addEventListener('click', () => session.logOut());
  show(session.isOpen());
  if (session.isOpen()) begin();
}

async function showWho(signal: AbortSignal): Promise<void> {
  setText(byId('who'), '');
  const profile = await user.call('outcry.user.v1.UserService/GetProfile', {}).catch(() => undefined);
  if (profile !== undefined && !signal.aborted) setText(byId('who'), nameIn(profile.user));
}

function nameIn(person: unknown): string {
  const { displayName, email } = person as { displayName?: string; email?: string };
  return displayName || email || '';
}
