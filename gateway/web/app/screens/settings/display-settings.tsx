import { choicesOf, type Preferences } from '../../store/preference-values.ts';
import { preferences, resetPreferences, setPreferences } from '../../store/preferences.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { LargeOrder } from './large-order.tsx';

type Choice = 'theme' | 'colours' | 'zone' | 'confirm';

const labels: Record<Choice, string> = {
  theme: 'Theme',
  colours: 'Up and down',
  zone: 'Zone of all times',
  confirm: 'Orders that are reviewed before they are sent',
};
const texts: Record<string, string> = {
  'blue-up': 'Blue, orange',
  'orange-up': 'Orange, blue',
  'green-red': 'Green, red',
  exchange: 'Exchange',
  utc: 'UTC',
  local: 'This machine',
  system: 'System',
  light: 'Light',
  dark: 'Dark',
  always: 'All',
  'large or odd': 'Large or odd',
  'odd only': 'Odd only',
};
const hints: Partial<Record<Choice, string>> = {
  colours: 'Signs, triangles and places say the same without colour.',
  confirm: 'Odd: far from the market, much of the book, an old price, an auction.',
};

/** What this browser shows, and which orders it asks about. */
export function DisplaySettings() {
  return (
    <div class="settings">
      {(Object.keys(labels) as Choice[]).map((name) => (
        <ChoiceField key={name} name={name} />
      ))}
      <LargeOrder />
      <p class="dim">These are stored in this browser only.</p>
      <p>
        <Button onClick={resetPreferences}>Back to the defaults</Button>
      </p>
    </div>
  );
}

function ChoiceField({ name }: { name: Choice }) {
  return (
    <div>
      <p class="head">{labels[name]}</p>
      <RadioGroup
        name={name}
        label={labels[name]}
        options={choicesOf(name).map((value) => ({ value: value as string, text: texts[value] ?? value }))}
        value={preferences.value[name]}
        onChange={(value) => setPreferences({ [name]: value } as Partial<Preferences>)}
      />
      {hints[name] !== undefined && <p class="hint">{hints[name]}</p>}
    </div>
  );
}
