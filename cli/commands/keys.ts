import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Scope, ScopeSchema } from '#gen/outcry/access/v1/access_pb.ts';
import {
  type ApiKey,
  ApiKeySchema,
  ApiKeyService,
  CreateApiKeyResponseSchema,
} from '#gen/outcry/user/v1/api_key_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';
import { callKeyed } from '../journal/keyed-call.ts';
import { createApiKey } from '../journal/keyed-rpcs.ts';
import type { Column } from '../output/table.ts';
import { enumWord, timeWord } from '../output/words.ts';
import { keyedContext, keyOption } from './keyed.ts';
import { limitOption, readPages } from './pages.ts';

const scopes: Readonly<Record<string, Scope>> = {
  read: Scope.READ,
  trade: Scope.TRADE,
  money: Scope.MONEY,
  admin: Scope.ADMIN,
};
const pageSizeMax = 100;
const callsPerSecondMax = 10_000;
const daysMax = 1_820;
const dayMs = 86_400_000;

const columns: readonly Column<ApiKey>[] = [
  { title: 'KEY', value: ({ keyId }) => keyId },
  { title: 'BEGINS', value: ({ prefix }) => prefix },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'SCOPES', value: scopeWords },
  { title: 'LAST USE', value: ({ lastUseTime }) => timeWord(lastUseTime) },
  { title: 'EXPIRES', value: ({ expireTime }) => timeWord(expireTime) },
  { title: 'REVOKED', value: ({ revokeTime }) => timeWord(revokeTime) },
];

/** API keys; a key can neither make nor revoke keys, so both need a session. */
export const keyCommands: readonly Command[] = [
  {
    name: 'keys list',
    summary: 'your API keys, newest first',
    options: [limitOption],
    async run({ api, print }, input) {
      const list = async (page: { pageSize: number; pageToken: string }) => {
        const answer = await api.call(ApiKeyService.method.listApiKeys, page);
        return { rows: answer.apiKeys, nextPageToken: answer.nextPageToken };
      };
      print.list(ApiKeySchema, await readPages(input, list, pageSizeMax), { columns, empty: 'no keys' });
    },
  },
  {
    name: 'keys create',
    summary: 'make an API key; it is shown once',
    details: `A program sends it as \`authorization: Bearer ok_...\`, this one takes it from OUTCRY_API_KEY.`,
    arguments: [{ name: 'NAME', help: 'for lists, 1 to 64 characters' }],
    options: [
      { name: 'scopes', value: 'LIST', help: `some of ${Object.keys(scopes).join(', ')} (default read)` },
      { name: 'days', value: 'DAYS', help: `valid for so many days after today, 1 to ${daysMax} (default for ever)` },
      { name: 'networks', value: 'LIST', help: 'from where it may be used, e.g. 192.0.2.0/24 (default everywhere)' },
      { name: 'calls-per-second', value: 'COUNT', help: 'its own limit, beside yours' },
      keyOption,
    ],
    run: createKey,
  },
  {
    name: 'keys revoke',
    summary: 'end an API key for good',
    arguments: [{ name: 'KEY', help: 'its id, from `keys list`' }],
    async run({ api, print }, input) {
      const { apiKey } = await api.call(ApiKeyService.method.revokeApiKey, { keyId: input.at(0) });
      if (apiKey !== undefined) print.one(ApiKeySchema, apiKey, fieldsOf(apiKey));
    },
  },
];

async function createKey(context: CommandContext, input: Input): Promise<undefined> {
  const days = input.whole('days', { min: 1, max: daysMax });
  const request = {
    name: input.at(0),
    scopes: readScopes(input.text('scopes') ?? 'read'),
    allowedNetworks: readWords(input.text('networks') ?? ''),
    expireTime: days === undefined ? undefined : timestampFromMs(endOfDay(Date.now() + days * dayMs)),
    callsPerSecondMax: input.whole('calls-per-second', { min: 1, max: callsPerSecondMax }),
  };
  await callKeyed(keyedContext(context), {
    rpc: createApiKey,
    request,
    key: input.text('key'),
    show(answer) {
      const { apiKey, secret } = answer;
      const known = apiKey === undefined ? [] : fieldsOf(apiKey);
      const shown = secret === '' ? 'not shown again: revoke this key and make another' : secret;
      context.print.one(CreateApiKeyResponseSchema, answer, [...known, ['secret', shown]]);
    },
  });
}

// The same for a repeat on the same day, which makes it the same call.
function endOfDay(timeMs: number): number {
  return timeMs - (timeMs % dayMs) + dayMs;
}

function fieldsOf(key: ApiKey) {
  return columns.map(({ title, value }) => [title.toLowerCase(), value(key)] as const);
}

function scopeWords({ scopes: granted }: ApiKey): string {
  return granted.map((scope) => enumWord(ScopeSchema, scope)).join(',');
}

function readScopes(text: string): Scope[] {
  return readWords(text).map((word) => {
    const scope = scopes[word];
    if (scope === undefined) throw new UsageError(`--scopes is a list of ${Object.keys(scopes).join(', ')}`);
    return scope;
  });
}

function readWords(text: string): string[] {
  return text.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}
