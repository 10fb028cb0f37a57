import { NeedsLogIn } from '../needs-log-in.tsx';

/** Orders: all orders of an account, and one in detail. */
export function OrdersScreen() {
  return (
    <NeedsLogIn title="Orders" purpose="Your orders stand here, with their fills and reasons.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
