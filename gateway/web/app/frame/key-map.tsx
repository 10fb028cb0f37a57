import { keyGroups } from '../keyboard/keymap.ts';
import { preferences, setPreferences } from '../store/preferences.ts';
import { Dialog } from './dialog.tsx';

/** All keys, and the switch of single letters. */
export function KeyMap() {
  return (
    <Dialog title="Keys">
      <label>
        <input
          type="checkbox"
          checked={preferences.value.singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />{' '}
        Single letters act
      </label>
      <div class="key-map">
        {keyGroups.map(({ title, keys }) => (
          <>
            <h3 key={title}>{title}</h3>
            {keys.map(([key, act]) => (
              <>
                <kbd>{key}</kbd>
                <span>{act}</span>
              </>
            ))}
          </>
        ))}
      </div>
    </Dialog>
  );
}
