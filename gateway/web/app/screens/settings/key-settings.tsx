import { keyGroups } from '../../keyboard/keymap.ts';
import { preferences, setPreferences } from '../../store/preferences.ts';

/** Which key does what, and the switch of single letters. */
export function KeySettings() {
  return (
    <div class="settings keys">
      <label class="check">
        <input
          type="checkbox"
          checked={preferences.value.singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />
        Single letters act
      </label>
      <p class="hint">Off: only keys with Ctrl, F6 and what a table or field takes. In a field a letter only types.</p>
      {keyGroups.map(({ title, keys }) => (
        <section key={title}>
          <h2 class="head">{title}</h2>
          <dl class="pairs">
            {keys.map(([key, act]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{act}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
