import { useState } from 'preact/hooks';
import { FillEmails, MessageKind, type Preference } from '#gen/outcry/notification/v1/notification_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { Shown } from '../../reading/shown.tsx';
import { useReading } from '../../reading/use-reading.ts';
import { ReadTable } from '../../ui/read-table.tsx';
import { messageKindText } from './inbox-text.ts';
import { notifications } from './notifications.ts';
import { withPreference } from './preference-changes.ts';

/** By which ways each kind of message comes; a change is stored at once. */
export function MessagePreferences() {
  const reading = useReading(async (signal) => (await notifications.getPreferences({}, { signal })).preferences, {
    key: 'preferences',
  });
  return (
    <Shown reading={reading} rows={7}>
      {(preferences) => <Editor stored={preferences} />}
    </Shown>
  );
}

function Editor({ stored }: { stored: readonly Preference[] }) {
  const [preferences, setPreferences] = useState(stored);
  const act = useAct();
  const change = (kind: MessageKind, changes: Partial<Pick<Preference, 'email' | 'inApp' | 'fillEmails'>>) => {
    const before = preferences;
    const wanted = withPreference(before, kind, changes);
    setPreferences(wanted);
    void act
      .run(async () => {
        setPreferences((await notifications.setPreferences({ preferences: [...wanted] })).preferences);
        return 'Stored.';
      })
      .then((isDone) => !isDone && setPreferences(before));
  };
  return (
    <div class="settings wide">
      <ReadTable
        label="Ways by which messages come"
        rows={preferences}
        keyOf={({ kind }) => String(kind)}
        columns={[
          { name: 'About', cell: ({ kind }) => messageKindText(kind) },
          {
            name: 'In the app',
            cell: ({ kind, inApp }) => (
              <Check
                label={`${messageKindText(kind)} in the app`}
                isOn={inApp}
                isBusy={act.isBusy}
                onChange={(next) => change(kind, { inApp: next })}
              />
            ),
          },
          {
            name: 'By e-mail',
            cell: ({ kind, email }) => (
              <Check
                label={`${messageKindText(kind)} by e-mail`}
                isOn={email}
                isBusy={act.isBusy}
                onChange={(next) => change(kind, { email: next })}
              />
            ),
          },
          {
            name: 'While it fills',
            cell: ({ kind, email, fillEmails }) =>
              kind === MessageKind.FILL && email ? (
                <Check
                  label="E-mails while an order fills, at most one in 15 s"
                  isOn={fillEmails === FillEmails.PROGRESS}
                  isBusy={act.isBusy}
                  onChange={(next) => change(kind, { fillEmails: next ? FillEmails.PROGRESS : FillEmails.AT_END })}
                />
              ) : null,
          },
        ]}
      />
      <ActNote act={act} />
    </div>
  );
}

type CheckProps = { label: string; isOn: boolean; isBusy: boolean; onChange: (isOn: boolean) => void };

function Check({ label, isOn, isBusy, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        aria-label={label}
        checked={isOn}
        disabled={isBusy}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {isOn ? 'yes' : 'no'}
    </label>
  );
}
