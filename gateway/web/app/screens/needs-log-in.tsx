import type { ComponentChildren } from 'preact';
import { openSheet } from '../frame/sheets.ts';
import { isLoggedIn } from '../rpc/session.ts';
import { Button } from '../ui/button.tsx';

type NeedsLogInProps = {
  /** What will stand here. */
  purpose: string;
  children: ComponentChildren;
};

/** What is for somebody who is logged in; to anybody else it says what will stand here. */
export function NeedsLogIn({ purpose, children }: NeedsLogInProps) {
  if (isLoggedIn.value) return <>{children}</>;
  return (
    <div class="status">
      <p>{purpose}</p>
      <p class="buttons">
        <Button kind="you" onClick={() => (openSheet.value = 'log in')}>
          Log in
        </Button>
        <Button onClick={() => (openSheet.value = 'register')}>Open an account</Button>
      </p>
    </div>
  );
}
