import { route } from '../router/router.ts';
import { isLoggedIn, logOut } from '../rpc/session.ts';
import { Button } from '../ui/button.tsx';
import { Icon, Mark } from '../ui/icon.tsx';
import { Clock } from './clock.tsx';
import { ConnectionWord } from './connection-word.tsx';
import { MenuButton } from './menu.tsx';
import { floorHref, screenLinks } from './screen-links.ts';
import { openSheet } from './sheets.ts';
import { unreadCount } from './unread-count.ts';

/** The top bar: mark, screens, search, clock, connection, account. */
export function TopBar() {
  return (
    <header class="top-bar" data-region>
      <a class="brand" href={floorHref.value} aria-label="Outcry, the Floor">
        <Mark />
        <span>Outcry</span>
      </a>
      <nav aria-label="Screens">
        {screenLinks.value.map(({ screen, text, href }) => (
          <a key={screen} href={href} aria-current={route.value.screen === screen ? 'page' : undefined}>
            {text}
            {screen === 'inbox' && <Unread />}
          </a>
        ))}
      </nav>
      <MenuButton />
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
