import type { Client } from '@connectrpc/connect';
import { useState } from 'preact/hooks';
import type { ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';
import { ActNote } from '../../acting/act-note.tsx';
import { withIntentKey } from '../../acting/intent-key.ts';
import { useAct } from '../../acting/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { grants, type KeyForm, keyRequestOf } from './api-key-values.ts';

const empty: KeyForm = { name: '', grant: 'read', networks: '', endDate: '' };

/** The form of a new key, and its secret, which is shown once. */
export function NewApiKey({ keys, onMade }: { keys: Client<typeof ApiKeyService>; onMade: () => void }) {
  const [form, setForm] = useState(empty);
  const [secret, setSecret] = useState('');
  const act = useAct();
  const change = (changes: Partial<KeyForm>) => setForm({ ...form, ...changes });
  const make = (event: Event) => {
    event.preventDefault();
    setSecret('');
    void act.run(async () => {
      const request = keyRequestOf(form);
      const made = await withIntentKey(`api key ${JSON.stringify(form)}`, (idempotencyKey) =>
        keys.createApiKey({ idempotencyKey, ...request }),
      );
      setSecret(made.secret);
      setForm(empty);
      onMade();
      return made.secret === '' ? 'It was made before; its secret is not shown again.' : 'Made. Copy the key now.';
    });
  };
  return (
    <form class="form" aria-label="New key" autocomplete="off" onSubmit={make}>
      <h2>New key</h2>
      <TextField
        id="key-name"
        label="Name"
        value={form.name}
        onInput={(name) => change({ name })}
        input={{ maxLength: 64, required: true }}
      />
      <SelectField
        id="key-grant"
        label="May"
        options={grants}
        value={form.grant}
        onChange={(grant: KeyForm['grant']) => change({ grant })}
      />
      <TextField
        id="key-networks"
        label="Only from"
        hint="Networks such as 10.0.0.0/8, by commas; empty: everywhere"
        value={form.networks}
        onInput={(networks) => change({ networks })}
        input={{ maxLength: 1_000 }}
      />
      <TextField
        id="key-end"
        label="Last day"
        hint="Empty: it does not end"
        value={form.endDate}
        onInput={(endDate) => change({ endDate })}
        input={{ type: 'date' }}
      />
      <ActNote act={act} />
      {secret !== '' && (
        <p class="secret">
          The key, shown this once: <output>{secret}</output>{' '}
          <Button isSmall onClick={() => void navigator.clipboard?.writeText(secret)}>
            Copy
          </Button>
        </p>
      )}
      <Button type="submit" disabled={act.isBusy}>
        Make a key
      </Button>
    </form>
  );
}
