import { route } from '../router/router.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Dialog } from './dialog.tsx';
import './menu.css';
import { screenLinks } from './screen-links.ts';
import { openSheet } from './sheets.ts';

/** Opens the list of screens, where the bar has no room for it. */
export function MenuButton() {
  return (
    <button type="button" class="button plain menu-button" aria-label="Menu" onClick={() => (openSheet.value = 'menu')}>
      <Icon name="list" />
      <span>Menu</span>
    </button>
  );
}

/** The list of screens. */
export function Menu() {
  return (
    <Dialog title="Screens">
      <nav class="menu" aria-label="All screens">
        {screenLinks.value.map(({ screen, text, href }) => (
          <a
            key={screen}
            href={href}
            aria-current={route.value.screen === screen ? 'page' : undefined}
            onClick={() => {
              openSheet.value = undefined;
            }}
          >
            {text}
          </a>
        ))}
      </nav>
      <Button onClick={() => (openSheet.value = 'about')}>About</Button>
    </Dialog>
  );
}
