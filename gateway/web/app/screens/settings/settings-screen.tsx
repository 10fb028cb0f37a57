import { choicesOf, type Preferences } from '../../store/preference-values.ts';
import { preferences, resetPreferences, setPreferences } from '../../store/preferences.ts';
import { Button } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import './settings.css';

type Choice = 'theme' | 'colours' | 'zone' | 'confirm';

const labels: Record<Choice, string> = {
  theme: 'Theme',
  colours: 'Up and down',
  zone: 'Times',
  confirm: 'Review before sending',
};
const texts: Record<string, string> = {
  'blue-up': 'blue, orange',
  'orange-up': 'orange, blue',
  'green-red': 'green, red',
  exchange: "the exchange's zone",
  utc: 'UTC',
  local: 'local',
};

/** Settings: preferences of this browser. */
export function SettingsScreen() {
  return (
    <div class="page">
      <h1>Settings</h1>
      <div class="settings">
        {(Object.keys(labels) as Choice[]).map((name) => (
          <ChoiceField key={name} name={name} />
        ))}
        <label>
          <input
            type="checkbox"
            checked={preferences.value.singleKeys}
            onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
          />{' '}
          Single letters act
        </label>
        <p>
          <Button onClick={resetPreferences}>Defaults</Button>
        </p>
      </div>
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
    </div>
  );
}
