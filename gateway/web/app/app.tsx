import { About } from './frame/about.tsx';
import { KeyMap } from './frame/key-map.tsx';
import { LiveRegions, Notice } from './frame/live-regions.tsx';
import { LogIn } from './frame/log-in.tsx';
import { Menu } from './frame/menu.tsx';
import { Register } from './frame/register.tsx';
import { Search } from './frame/search.tsx';
import { openSheet } from './frame/sheets.ts';
import { SkipLinks } from './frame/skip-links.tsx';
import { Strip } from './frame/strip.tsx';
import { TopBar } from './frame/top-bar.tsx';
import type { ScreenName } from './router/route.ts';
import { route } from './router/router.ts';
import { FloorScreen } from './screens/floor/floor-screen.tsx';
import { IndicatorDialog } from './screens/floor/indicator-dialog.tsx';
import { lazyScreen } from './screens/lazy-screen.tsx';
import { connection } from './store/connection.ts';
import './frame/frame.css';
import './screens/screens.css';

// All but the Floor are read when they are first shown.
const screens: Record<ScreenName, (props: { rest: string }) => preact.JSX.Element> = {
  portfolio: lazyScreen(
    'Portfolio',
    async () => (await import('./screens/portfolio/portfolio-screen.tsx')).PortfolioScreen,
  ),
  orders: lazyScreen('Orders', async () => (await import('./screens/orders/orders-screen.tsx')).OrdersScreen),
  money: lazyScreen('Money', async () => (await import('./screens/money/money-screen.tsx')).MoneyScreen),
  automation: lazyScreen(
    'Automation',
    async () => (await import('./screens/automation/automation-screen.tsx')).AutomationScreen,
  ),
  inbox: lazyScreen('Inbox', async () => (await import('./screens/inbox/inbox-screen.tsx')).InboxScreen),
  settings: lazyScreen('Settings', async () => (await import('./screens/settings/settings-screen.tsx')).SettingsScreen),
  operations: lazyScreen(
    'Operations',
    async () => (await import('./screens/operations/operations-screen.tsx')).OperationsScreen,
  ),
  admin: lazyScreen('Admin', async () => (await import('./screens/admin/admin-screen.tsx')).AdminScreen),
};

/** The whole page. */
export function App() {
  return (
    <div class="frame">
      <SkipLinks />
      <TopBar />
      <Strip />
      <Notice />
      <ScreenOutlet />
      <Sheets />
      <LiveRegions />
    </div>
  );
}

function ScreenOutlet() {
  const shown = route.value;
  const { word } = connection.value;
  const isStale = word !== 'live' && word !== 'connecting';
  const Screen = shown.screen === 'floor' ? undefined : screens[shown.screen];
  return (
    <main id="screen" class={isStale ? 'screen stale' : 'screen'} tabIndex={-1}>
      {shown.screen === 'floor' ? <FloorScreen /> : Screen !== undefined && <Screen rest={shown.rest} />}
    </main>
  );
}

function Sheets() {
  switch (openSheet.value) {
    case 'log in':
      return <LogIn />;
    case 'register':
      return <Register />;
    case 'search':
      return <Search />;
    case 'keys':
      return <KeyMap />;
    case 'menu':
      return <Menu />;
    case 'about':
      return <About />;
    case 'indicators':
      return <IndicatorDialog />;
    case undefined:
      return null;
  }
}
