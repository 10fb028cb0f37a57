import { useState } from 'preact/hooks';
import { withIntentKey } from '../../acting/intent-key.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { instruments } from '../../store/instruments.ts';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ledgerAdmin } from '../operations/staff-clients.ts';

const empty = { accountId: '', symbol: '', quantity: '' };
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** New shares of an instrument for an account. It cannot be taken back. */
export function IssueShares() {
  const [form, setForm] = useState(empty);
  const [done, setDone] = useState('');
  const quantity = parseMicros(form.quantity) ?? 0n;
  const accountId = form.accountId.trim().toLowerCase();
  const isReady = idPattern.test(accountId) && form.symbol !== '' && quantity > 0n;
  const change = (changes: Partial<typeof form>) => {
    setDone('');
    setForm({ ...form, ...changes });
  };
  return (
    <section class="form" aria-label="Issue shares">
      <h2>Issue shares</h2>
      <SelectField
        id="issue-symbol"
        label="Symbol"
        options={[...instruments.value.keys()].map((symbol) => ({ value: symbol, text: symbol }))}
        value={form.symbol}
        onChange={(symbol) => change({ symbol })}
      />
      <TextField
        id="issue-account"
        label="To account"
        hint="Its id, as Accounts of Operations has it"
        isInvalid={accountId !== '' && !idPattern.test(accountId)}
        value={form.accountId}
        onInput={(text) => change({ accountId: text })}
        input={{ maxLength: 36, autocomplete: 'off', spellcheck: false }}
      />
      <DecimalField
        id="issue-quantity"
        label="Shares"
        value={form.quantity}
        onInput={(text) => change({ quantity: text })}
        step="100"
        isInvalid={form.quantity !== '' && quantity <= 0n}
      />
      {done !== '' && <p class="note done">{done}</p>}
      {isReady && (
        <TypedName
          id="issue-name"
          sentence={`${figureText(microsText(quantity), { trimmed: true })} new ${form.symbol} come into being and belong to ${accountId}.`}
          name={form.symbol}
          act={`Issue ${form.symbol}`}
          work={async () => {
            const request = { accountId, symbol: form.symbol, quantity: microsText(quantity) };
            await withIntentKey(`issue ${JSON.stringify(request)}`, (idempotencyKey) =>
              ledgerAdmin.issueShares({ idempotencyKey, ...request }),
            );
            return `${form.quantity} ${form.symbol} are issued.`;
          }}
          onDone={() => {
            setForm(empty);
            setDone('Issued.');
          }}
          onLeave={() => setForm(empty)}
        />
      )}
    </section>
  );
}
