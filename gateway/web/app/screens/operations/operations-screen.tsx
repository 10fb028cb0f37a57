import { NeedsLogIn } from '../needs-log-in.tsx';

/** Operations: what staff see of the system. */
export function OperationsScreen() {
  return (
    <NeedsLogIn title="Operations" purpose="For operators.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
