import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { routeHash } from '../../router/route.ts';
import { account } from '../../store/account.ts';
import { quoteOf } from '../../store/quotes.ts';
import { Loading } from '../../ui/status.tsx';
import { liveFigures } from './live-figures.ts';

/** Equity and what it is made of, live. */
export function KeyFigures() {
  if (account.value === undefined) return <Loading rows={2} />;
  const { cash, portfolio } = account.value;
  const live = liveFigures(
    cash?.total ?? '0',
    portfolio?.positions ?? [],
    (symbol) => quoteOf(symbol).value?.lastPrice || undefined,
  );
  return (
    <>
      <dl class="key-figures">
        <div class="first">
          <dt>Equity, {cash?.asset ?? 'USD'}</dt>
          <dd>
            <Figure value={live.equity} {...exactAmount} />
          </dd>
        </div>
        <KeyFigure name="Cash, free" value={cash?.available} />
        <div>
          <dt>Cash, held</dt>
          <dd>
            <a href={routeHash({ screen: 'money', rest: '' })}>
              <Figure value={cash?.held} {...exactAmount} />
              <span class="hidden">, by which orders</span>
            </a>
          </dd>
        </div>
        <KeyFigure name="Shares" value={live.marketValue} />
        <KeyFigure name="Gain, open" value={live.unrealized} isChange />
        <KeyFigure name="Gain, realised" value={portfolio?.realizedPnl} isChange />
      </dl>
      {live.unpriced > 0 && <p class="hint">{live.unpriced} of your positions have no price yet, and are not in it.</p>}
    </>
  );
}

function KeyFigure({ name, value, isChange = false }: { name: string; value: string | undefined; isChange?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Figure value={value} {...exactAmount} isChange={isChange} />
      </dd>
    </div>
  );
}
