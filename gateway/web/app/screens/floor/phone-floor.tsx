import { useEffect, useRef } from 'preact/hooks';
import { screenLinks } from '../../frame/screen-links.ts';
import { openSheet } from '../../frame/sheets.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Blotter } from './blotter.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { changeDraft } from './draft.ts';
import { isTicketOpen, type Part, shownPart } from './layout.ts';
import './phone.css';
import { PartTabs } from './part-tabs.tsx';
import { Pit } from './pit.tsx';
import { SymbolList } from './symbol-list.tsx';
import { TapePanel } from './tape-panel.tsx';
import { Ticket } from './ticket.tsx';

const parts: readonly { name: Part; text: string }[] = [
  { name: 'chart', text: 'Chart' },
  { name: 'pit', text: 'Pit' },
  { name: 'tape', text: 'Tape' },
  { name: 'orders', text: 'Orders' },
  { name: 'you', text: 'You' },
];

/** The Floor on a phone: a part at a time, Buy and Sell at hand, the ticket as a sheet from below. */
export function PhoneFloor() {
  const part = shownPart.value === 'ticket' ? 'pit' : shownPart.value;
  const open = (side: 'buy' | 'sell') => {
    changeDraft({ side });
    isTicketOpen.value = true;
  };
  return (
    <div class="phone-floor">
      <div class="phone-part">
        <PartOf part={part} />
      </div>
      <div class="phone-acts">
        <Button kind="buy" onClick={() => open('buy')}>
          <Icon name="buy" /> Buy
        </Button>
        <Button kind="sell" onClick={() => open('sell')}>
          <Icon name="sell" /> Sell
        </Button>
      </div>
      <div class="phone-tabs">
        <PartTabs parts={parts} selected={part} />
      </div>
      {isTicketOpen.value && <TicketSheet />}
    </div>
  );
}

function PartOf({ part }: { part: Part }) {
  if (part === 'chart') return <ChartPanel />;
  if (part === 'tape') return <TapePanel />;
  if (part === 'orders') return <Blotter />;
  return part === 'you' ? <You /> : <Pit />;
}

function You() {
  return (
    <Panel name="You">
      <nav class="phone-links" aria-label="Screens">
        {screenLinks.value
          .filter(({ screen }) => screen !== 'floor')
          .map(({ screen, text, href }) => (
            <a key={screen} href={href}>
              {text}
            </a>
          ))}
        <button
          type="button"
          onClick={() => {
            openSheet.value = 'about';
          }}
        >
          About
        </button>
      </nav>
      <SymbolList />
    </Panel>
  );
}

// The strip with the price stays in sight above the sheet.
function TicketSheet() {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => {
    isTicketOpen.value = false;
  };
  return (
    <dialog ref={element} class="ticket-sheet" aria-label="Ticket" onClose={close} onCancel={close}>
      <button type="button" class="button plain sheet-close" aria-label="Close the ticket" onClick={close}>
        <Icon name="close" />
      </button>
      <Ticket />
    </dialog>
  );
}
