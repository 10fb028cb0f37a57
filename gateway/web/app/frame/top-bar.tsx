import { routeHash, type ScreenName } from '../router/route.ts';
import { route } from '../router/router.ts';
import { isLoggedIn, logOut } from '../rpc/session.ts';
import { selectedSymbol } from '../store/selection.ts';
import { Button } from '../ui/button.tsx';
import { Icon, Mark } from '../ui/icon.tsx';
import { Clock } from './clock.tsx';
import { ConnectionWord } from './connection-word.tsx';
import { mayOperate } from './roles.ts';
import { openSheet } from './sheets.ts';
import { unreadCount } from './unread-count.ts';

const links: readonly [ScreenName, string][] = [
  ['portfolio', 'Portfolio'],
  ['orders', 'Orders'],
  ['money', 'Money'],
  ['automation', 'Automation'],
  ['inbox', 'Inbox'],
  ['settings', 'Settings'],
];

/** The top bar: mark, screens, search, clock, connection, account. */
export function TopBar() {
  const floor = routeHash({ screen: 'floor', symbol: selectedSymbol.value, timeFrame: '1m' });
  const current = (screen: string) => (route.value.screen === screen ? 'page' : undefined);
  const shown = mayOperate.value
    ? [...links, ['operations', 'Operations'] as const, ['admin', 'Admin'] as const]
    : links;
  return (
    <header class="top-bar" data-region>
      <a class="brand" href={floor} aria-label="Outcry, the Floor">
        <Mark />
        <span>Outcry</span>
      </a>
      <nav aria-label="Screens">
        <a href={floor} aria-current={current('floor')}>
          Floor
        </a>
        {shown.map(([screen, text]) => (
          <a key={screen} href={routeHash({ screen, rest: '' })} aria-current={current(screen)}>
            {text}
            {screen === 'inbox' && <Unread />}
          </a>
        ))}
      </nav>
      <div class="end">
        <button type="button" class="search" aria-label="Search" onClick={() => (openSheet.value = 'search')}>
          <Icon name="search" />
          <span>Search</span>
          <kbd>/</kbd>
        </button>
        <Clock />
        <ConnectionWord />
        {isLoggedIn.value ? (
          <Button kind="plain" onClick={logOut}>
            Log out
          </Button>
        ) : (
          <Button onClick={() => (openSheet.value = 'log in')}>Log in</Button>
        )}
        <button type="button" class="button plain about" onClick={() => (openSheet.value = 'about')}>
          About
        </button>
      </div>
    </header>
  );
}

function Unread() {
  const count = unreadCount.value;
  if (count === 0) return null;
  return (
    <span class="unread-count">
      {count > 99 ? '99+' : count}
      <span class="hidden"> unread</span>
    </span>
  );
}
