import { NeedsLogIn } from '../needs-log-in.tsx';

/** Money: deposits, withdrawals, the statement, fees. */
export function MoneyScreen() {
  return (
    <NeedsLogIn title="Money" purpose="Deposits, withdrawals and your statement stand here.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
