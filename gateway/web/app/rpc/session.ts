/** The session of this browser, as signals. */
import { batch, type Signal, signal } from '@preact/signals';
import { createSession } from '../../session.ts';
import { postCall } from '../../transport.ts';

const session = createSession({
  storage: localStorage,
  call: postCall,
  channel: new BroadcastChannel('outcry.session'),
  locks: navigator.locks,
  now: Date.now,
});

/** Whether somebody is logged in. */
export const isLoggedIn = signal(session.isOpen());

/** Whether the last session ended without a log-out, until the next log-in. */
export const hasExpired = signal(false);

let person = new AbortController();
// One of each module that has something of a person.
const leaving: (() => void)[] = [];

/** Aborted when who is logged in now is so no longer: what was begun for one person must not go on as another. */
export const personSignal = (): AbortSignal => person.signal;

session.onChange((change) => {
  person.abort();
  person = new AbortController();
  batch(() => {
    isLoggedIn.value = change === 'opened';
    hasExpired.value = change === 'expired';
    if (change === 'logged out') for (const leave of leaving) leave();
  });
});

/** Runs `leave` whenever a person has logged out, or another one logs in than the one whose session expired; after an expired session alone not. */
export function onLogOut(leave: () => void): void {
  leaving.push(leave);
}

/** A signal of what belongs to a person: once that person has logged out it has its first value again, so that the next one sees nothing of it. */
export function ofPerson<Value>(first: Value): Signal<Value> {
  const personal = signal(first);
  onLogOut(() => {
    personal.value = first;
  });
  return personal;
}

/** Opens a session. Rejects where e-mail address or password is wrong. */
export const logIn = (email: string, password: string) => session.logIn(email, password);

/** Ends the session. */
export const logOut = () => session.logOut();

/** An access token that has a minute or more to live. Rejects where there is no session, or it cannot be renewed. */
export const accessToken = () => session.accessToken();

/** A new access token in place of one that was refused as expired. */
export const renewedToken = (refused: string) => session.renewedToken(refused);

/** Ends the session after the server has refused it. */
export const endRefusedSession = () => session.expire();
