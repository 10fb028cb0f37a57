import { exactMoney, figureText } from '../../figures/figure-text.ts';
import { dayText, millisOf, timeText } from '../../figures/time-text.ts';
import { profile } from '../../frame/roles.ts';
import { account } from '../../store/account.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { entryKindText, type Statement } from './statement-values.ts';

type PrintedProps = { statement: Statement; fromMs: number | undefined; untilMs: number | undefined };

/** The statement as it stands on paper. */
export function PrintedStatement({ statement, fromMs, untilMs }: PrintedProps) {
  const currency = account.peek()?.cash?.asset ?? 'USD';
  const day = (millis: number) => `${dayText(millis, zone.peek())} ${new Date(millis).getUTCFullYear()}`;
  const from = fromMs === undefined ? 'the first movement' : day(fromMs);
  const until = untilMs === undefined ? `${day(nowMs.peek())}, now` : day(untilMs - 1);
  const at = (millis: number | undefined) => timeText(millis, zone.peek(), 0);
  return (
    <article>
      <header>
        <h1>Outcry: statement of account</h1>
        <p>
          {profile.peek()?.displayName}, account {profile.peek()?.userId}
        </p>
        <p>
          From {from} until {until}. Times of {zone.peek().label}. Amounts of cash in {currency}.
        </p>
      </header>
      <table>
        <thead>
          <tr>
            <th>Time</th>
            <th>Kind</th>
            <th>Asset</th>
            <th class="number">Amount</th>
            <th class="number">Cash after</th>
            <th>Reference</th>
          </tr>
        </thead>
        <tbody>
          <Sum name="Cash before" amount={statement.opening} />
          {statement.lines.map(({ entry, cashAfter }) => (
            <tr key={`${entry.sequence} ${entry.asset} ${entry.kind} ${entry.reference}`}>
              <td>{at(millisOf(entry.time))}</td>
              <td>{entryKindText(entry.kind)}</td>
              <td>{entry.asset}</td>
              <td class="number">
                {figureText(entry.amount, { signed: true, ...(entry.asset === currency && exactMoney) })}
              </td>
              <td class="number">{cashAfter === undefined ? '' : figureText(cashAfter, exactMoney)}</td>
              <td>{entry.reason || entry.orderId || entry.reference}</td>
            </tr>
          ))}
          <Sum name="Cash after" amount={statement.closing} />
        </tbody>
      </table>
    </article>
  );
}

function Sum({ name, amount }: { name: string; amount: string }) {
  return (
    <tr class="sum">
      <td colSpan={4}>{name}</td>
      <td class="number">{figureText(amount, exactMoney)}</td>
      <td />
    </tr>
  );
}
