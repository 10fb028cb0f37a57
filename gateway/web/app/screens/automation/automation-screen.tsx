import { NeedsLogIn } from '../needs-log-in.tsx';

/** Automation: rules and alerts with their runs. */
export function AutomationScreen() {
  return (
    <NeedsLogIn title="Automation" purpose="Your rules and alerts stand here.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
