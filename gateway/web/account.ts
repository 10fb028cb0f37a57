/** Log-in, and the live portfolio of who is logged in. */
import { accessToken, call, setAccessToken, stream } from './api.ts';
import { byId, keepUp, row } from './dom.ts';

type Portfolio = {
  cash?: string;
  equity?: string;
  marketValue?: string;
  unrealizedPnl?: string;
  realizedPnl?: string;
  positions?: { symbol: string; quantity?: string; cost?: string; marketValue?: string; unrealizedPnl?: string }[];
};

/** Wires the log-in form; `onSession` runs with a signal that aborts at log-out. */
export function wireAccount(onSession: (signal: AbortSignal) => void): void {
  let session = new AbortController();
  const begin = () => {
    session = new AbortController();
    byId('log-in').hidden = true;
    byId('account').hidden = false;
    void showAccount(session.signal);
    onSession(session.signal);
  };
  const end = () => {
    session.abort();
    setAccessToken(null);
    byId('log-in').hidden = false;
    byId('account').hidden = true;
  };
  byId<HTMLFormElement>('log-in').addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const { email, password } = Object.fromEntries(new FormData(form));
    call('outcry.user.v1.SessionService/LogIn', { email, password }).then(
      ({ tokens }) => {
        setAccessToken((tokens as { accessToken: string }).accessToken);
        form.reset();
        begin();
      },
      (error: Error) => alert(error.message),
    );
  });
  byId('log-out').addEventListener('click', () => {
    void call('outcry.user.v1.SessionService/LogOut', {}).catch(() => {});
    end();
  });
  if (accessToken() !== null) call('outcry.user.v1.UserService/GetProfile', {}).then(begin, end);
}

async function showAccount(signal: AbortSignal): Promise<void> {
  const { user } = (await call('outcry.user.v1.UserService/GetProfile', {})) as { user?: { displayName?: string } };
  byId('who').textContent = user?.displayName ?? '';
  await keepUp(
    async () => {
      for await (const message of stream('outcry.portfolio.v1.PortfolioService/StreamValuation', {}, signal)) {
        if (message.portfolio !== undefined) showPortfolio(message.portfolio as Portfolio);
      }
    },
    signal,
    () => {},
  );
}

function showPortfolio(portfolio: Portfolio): void {
  const figures: [string, string | undefined][] = [
    ['Cash', portfolio.cash],
    ['Market value', portfolio.marketValue],
    ['Equity', portfolio.equity],
    ['Unrealised', portfolio.unrealizedPnl],
    ['Realised', portfolio.realizedPnl],
  ];
  byId('figures').replaceChildren(
    ...figures.flatMap(([name, value]) => {
      const term = document.createElement('dt');
      const figure = document.createElement('dd');
      term.textContent = name;
      figure.textContent = value ?? '';
      return [term, figure];
    }),
  );
  byId('positions').replaceChildren(
    ...(portfolio.positions ?? []).map((position) =>
      row(
        [position.symbol],
        [position.quantity ?? '', 'number'],
        [position.cost ?? '', 'number'],
        [position.marketValue ?? '', 'number'],
        [position.unrealizedPnl ?? '', `number ${position.unrealizedPnl?.startsWith('-') ? 'down' : 'up'}`],
      ),
    ),
  );
}
