/** Balances, positions, and profit and loss of who is logged in. */
import { user } from './api.ts';
import { byId, setText } from './dom.ts';
import { follow } from './follow.ts';
import { grouped, inCents, signed } from './format.ts';
import { rest } from './rest.ts';
import { createTable, figureColumn, textColumn, toneOf } from './table.ts';
import { untilShown } from './visibility.ts';

type Position = {
  symbol: string;
  quantity?: string;
  averageCost?: string;
  marketValue?: string;
  unrealizedPnl?: string;
};
type Portfolio = {
  marketValue?: string;
  equity?: string;
  unrealizedPnl?: string;
  realizedPnl?: string;
  positions?: Position[];
};
type Balance = { total?: string; available?: string; held?: string };

const service = 'outcry.portfolio.v1.PortfolioService';
const balancesEveryMs = 2_000;
const balancesSoonestMs = 250;

/** Shows the account of the session until the signal aborts. Returns a function that triggers an early read of balances. */
export function showAccount(signal: AbortSignal): () => void {
  const showPositions = createPositions();
  signal.addEventListener('abort', () => {
    showPositions([]);
    for (const figure of byId('figures').querySelectorAll('dd')) setText(figure, '');
  });
  let wake = () => {};
  void refreshBalances(signal, (sleeper) => {
    wake = sleeper;
  });
  showPositions([]);
  void follow(
    {
      stream: (untilSignal) => user.stream(`${service}/StreamValuation`, {}, untilSignal),
      poll: () => user.call(`${service}/GetPortfolio`, {}),
      onMessage(message) {
        const portfolio = message.portfolio as Portfolio | undefined;
        if (portfolio === undefined) return;
        showFigure('market-value', inCents(portfolio.marketValue));
        showFigure('equity', inCents(portfolio.equity));
        showFigure('unrealised', signed(portfolio.unrealizedPnl), toneOf(portfolio.unrealizedPnl));
        showFigure('realised', signed(portfolio.realizedPnl), toneOf(portfolio.realizedPnl));
        // Closed positions stay in the portfolio for their realised profit.
        showPositions((portfolio.positions ?? []).filter(({ quantity }) => quantity !== '0'));
      },
    },
    signal,
  );
  return () => wake();
}

function createPositions() {
  return createTable<Position>({
    body: byId('positions'),
    keyOf: ({ symbol }) => symbol,
    emptyText: 'No positions yet.',
    columns: [
      textColumn(({ symbol }) => symbol),
      figureColumn(({ quantity }) => grouped(quantity)),
      figureColumn(({ averageCost }) => grouped(averageCost)),
      figureColumn(({ marketValue }) => inCents(marketValue)),
      figureColumn(
        ({ unrealizedPnl }) => signed(unrealizedPnl),
        ({ unrealizedPnl }) => toneOf(unrealizedPnl),
      ),
    ],
  });
}

// Holds come and go with orders, and there is no stream of them: they are read every 2 s, and sooner when an order changed.
async function refreshBalances(signal: AbortSignal, onSleep: (wake: () => void) => void): Promise<void> {
  while (!signal.aborted) {
    await untilShown();
    const { cash = {} } = (await user.call('outcry.ledger.v1.LedgerService/GetBalances', {}).catch(() => ({}))) as {
      cash?: Balance;
    };
    if (signal.aborted) return;
    if (cash.total !== undefined) {
      showFigure('cash', inCents(cash.total));
      showFigure('cash-available', inCents(cash.available));
      showFigure('cash-held', inCents(cash.held));
    }
    await rest(balancesSoonestMs, signal);
    const woken = new AbortController();
    onSleep(() => woken.abort());
    await rest(balancesEveryMs - balancesSoonestMs, AbortSignal.any([signal, woken.signal]));
  }
}

function showFigure(id: string, text: string, tone = ''): void {
  const figure = byId(id);
  setText(figure, text);
  figure.className = tone;
}
