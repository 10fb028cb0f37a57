import type { ComponentChildren } from 'preact';
import { openSheet } from '../frame/sheets.ts';
import { isLoggedIn } from '../rpc/session.ts';
import { Button } from '../ui/button.tsx';

type NeedsLogInProps = {
  /** Name of the screen. */
  title: string;
  /** What will stand here. */
  purpose: string;
  children: ComponentChildren;
};

/** A screen for somebody who is logged in; to anybody else it says what will stand here. */
export function NeedsLogIn({ title, purpose, children }: NeedsLogInProps) {
  return (
    <div class="page">
      <h1>{title}</h1>
      {isLoggedIn.value ? (
        children
      ) : (
        <div class="status">
          <p>{purpose}</p>
          <p>
            <Button kind="you" onClick={() => (openSheet.value = 'log in')}>
              Log in
            </Button>
          </p>
        </div>
      )}
    </div>
  );
}
