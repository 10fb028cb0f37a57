import { NeedsLogIn } from '../needs-log-in.tsx';

/** Portfolio: equity, cash, positions with their profit and loss, lots. */
export function PortfolioScreen() {
  return (
    <NeedsLogIn title="Portfolio" purpose="Your equity, cash and positions stand here.">
      <p class="status">This screen is on the way. The API has it already.</p>
    </NeedsLogIn>
  );
}
