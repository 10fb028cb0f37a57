import { NeedsLogIn } from '../needs-log-in.tsx';

/** Admin: roles and adjustments. */
export function AdminScreen() {
  return (
    <NeedsLogIn title="Admin" purpose="For administrators.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
