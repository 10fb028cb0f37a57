import { createClient } from '@connectrpc/connect';
import { useState } from 'preact/hooks';
import { type ApiKey, ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { ShownRows } from '../../reading/shown-rows.tsx';
import { usePages } from '../../reading/use-pages.ts';
import { userTransport } from '../../rpc/transports.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { TimeCell } from '../floor/order-columns.tsx';
import { keyState, scopesText } from './api-key-values.ts';
import { NewApiKey } from './new-api-key.tsx';

const keys = createClient(ApiKeyService, userTransport);

/** Keys for programs: made, shown once, listed, revoked. */
export function ApiKeys() {
  const [revoking, setRevoking] = useState<ApiKey | undefined>(undefined);
  const pages = usePages<ApiKey>(
    async (pageToken, signal) => {
      const { apiKeys, nextPageToken } = await keys.listApiKeys({ pageSize: 100, pageToken }, { signal });
      return { rows: apiKeys, nextPageToken };
    },
    { key: 'keys', keyOf: ({ keyId }) => keyId },
  );
  return (
    <div class="settings wide">
      <NewApiKey keys={keys} onMade={pages.readNewest} />
      <section aria-label="Your keys">
        <h2>Your keys</h2>
        {revoking !== undefined && (
          <TypedName
            id="revoke-name"
            sentence={`Programs with the key ${revoking.name} are refused everywhere within a minute. This cannot be undone.`}
            name={revoking.name}
            act={`Revoke ${revoking.name}`}
            work={async () => {
              await keys.revokeApiKey({ keyId: revoking.keyId });
              return `${revoking.name} is revoked.`;
            }}
            onDone={() => {
              setRevoking(undefined);
              pages.readNewest();
            }}
            onLeave={() => setRevoking(undefined)}
          />
        )}
        <ShownRows pages={pages} empty="No keys yet. A program sends its key like a token.">
          {(rows) => (
            <ReadTable
              label="API keys"
              rows={rows}
              keyOf={({ keyId }) => keyId}
              isEnded={(key) => keyState(key, Date.now()) !== 'good'}
              columns={[
                { name: 'Name', kind: 'wide', cell: ({ name }) => <b>{name}</b> },
                { name: 'Begins with', cell: ({ prefix }) => prefix },
                { name: 'May', cell: ({ scopes }) => scopesText(scopes) },
                { name: 'Only from', cell: ({ allowedNetworks }) => allowedNetworks.join(', ') || 'everywhere' },
                { name: 'Last used', cell: ({ lastUseTime }) => <TimeCell time={lastUseTime} /> },
                { name: 'Ends', cell: ({ expireTime }) => <TimeCell time={expireTime} /> },
                { name: 'State', cell: (key) => keyState(key, Date.now()) },
                { name: 'Acts', kind: 'acts', cell: (key) => <Revoke apiKey={key} onAsk={setRevoking} /> },
              ]}
            />
          )}
        </ShownRows>
      </section>
    </div>
  );
}

function Revoke({ apiKey, onAsk }: { apiKey: ApiKey; onAsk: (key: ApiKey) => void }) {
  if (keyState(apiKey, Date.now()) !== 'good') return null;
  return (
    <Button isSmall aria-label={`Revoke ${apiKey.name}`} onClick={() => onAsk(apiKey)}>
      Revoke
    </Button>
  );
}
