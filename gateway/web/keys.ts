/** The page of API keys: makes them, shows a secret once, lists and revokes them. */
import { user } from './api.ts';
import { errorText, isOutcomeUnknown } from './call-error.ts';
import { byId, element, fieldsOf, setText } from './dom.ts';
import { dateAndTime } from './format.ts';
import { wireLogIn } from './log-in.ts';
import { type Column, createTable, type ShowRows, textColumn } from './table.ts';
import type { Json } from './transport.ts';

type ApiKey = {
  keyId: string;
  name: string;
  prefix: string;
  scopes?: string[];
  allowedNetworks?: string[];
  expireTime?: string;
  revokeTime?: string;
  lastUseTime?: string;
};

const service = 'outcry.user.v1.ApiKeyService';
const pageSize = 100;
const sentMax = 3;

wireLogIn((signal) => {
  const show = createKeys(() => void refresh().catch(showError));
  const refresh = async () => {
    const { apiKeys = [] } = await user.call(`${service}/ListApiKeys`, { pageSize });
    if (!signal.aborted) show(apiKeys as ApiKey[]);
  };
  const form = byId<HTMLFormElement>('new-key');
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      showSecret('');
      make(form, signal).then(refresh).catch(showError);
    },
    { signal },
  );
  signal.addEventListener('abort', () => {
    show([]);
    showSecret('');
    setText(byId('key-answer'), '');
  });
  show([]);
  refresh().catch(showError);
});

async function make(form: HTMLFormElement, signal: AbortSignal): Promise<void> {
  const { name = '', scopes = '', networks = '', expireDate = '' } = fieldsOf(form);
  const { secret } = await create({
    idempotencyKey: crypto.randomUUID(),
    name,
    scopes: scopes.split(' '),
    allowedNetworks: networks.split(/[\s,]+/).filter((network) => network !== ''),
    ...(expireDate !== '' && { expireTime: new Date(expireDate).toISOString() }),
  });
  if (signal.aborted) return;
  form.reset();
  setText(byId('key-answer'), 'Made. Copy the key now: it is not shown again.');
  showSecret(String(secret));
}

// Under the same key: a lost answer is asked for again, and has the same secret.
async function create(request: Json): Promise<Json> {
  for (let sent = 1; ; sent += 1) {
    try {
      return await user.call(`${service}/CreateApiKey`, request);
    } catch (error) {
      if (sent === sentMax || !isOutcomeUnknown(error)) throw error;
    }
  }
}

function createKeys(onRevoked: () => void): ShowRows<ApiKey> {
  return createTable<ApiKey>({
    body: byId('keys'),
    keyOf: ({ keyId }) => keyId,
    emptyText: 'No keys yet.',
    columns: [
      textColumn(({ name }) => name),
      textColumn(({ prefix }) => prefix),
      textColumn(({ scopes = [] }) => scopes.map((scope) => scope.replace('SCOPE_', '').toLowerCase()).join(', ')),
      textColumn(({ allowedNetworks = [] }) => allowedNetworks.join(', ') || 'everywhere'),
      textColumn(({ lastUseTime }) => (lastUseTime === undefined ? 'never' : dateAndTime(lastUseTime))),
      textColumn(stateOf),
      revokeColumn(onRevoked),
    ],
  });
}

function stateOf({ revokeTime, expireTime }: ApiKey): string {
  if (revokeTime !== undefined) return 'revoked';
  if (expireTime === undefined) return 'good';
  return Date.parse(expireTime) <= Date.now() ? 'expired' : `good until ${dateAndTime(expireTime)}`;
}

function revokeColumn(onRevoked: () => void): Column<ApiKey> {
  return (cell, { keyId, name, revokeTime }) => {
    const button = cell.querySelector('button');
    if (revokeTime !== undefined) {
      // The focus would be lost with the button.
      if (button !== null && document.activeElement === button) byId('keys-title').focus();
      button?.remove();
    } else if (button === null) {
      const created = element('button', 'Revoke');
      created.type = 'button';
      created.ariaLabel = `Revoke ${name}`;
      created.addEventListener('click', () => {
        user.call(`${service}/RevokeApiKey`, { keyId }).then(onRevoked).catch(showError);
      });
      cell.append(created);
    }
  };
}

function showSecret(secret: string): void {
  byId('secret-line').hidden = secret === '';
  setText(byId('secret'), secret);
}

function showError(error: unknown): void {
  setText(byId('key-answer'), errorText(error));
}
