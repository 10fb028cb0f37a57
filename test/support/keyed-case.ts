/** What a case of the test of keys is. */
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Investor } from './investor.ts';
import type { TestClient } from './test-client.ts';

/** What bodies are made from and effects counted in. */
export type KeyScene = {
  client: TestClient;
  admin: Investor;
  /** The account on which the calls act. */
  owner: Investor;
  /** A house account, for the calls that are for those alone. */
  house: Investor;
  symbol: string;
  /** Calls an RPC that is not for people, by `exchange.v1.ExchangeService/Submit`. */
  internal: (name: string, request: JsonObject) => Promise<JsonObject>;
  /** Events of the exchange's feed about a symbol, levels of its book left out. */
  countEvents: (symbol: string) => Promise<number>;
};

/** One RPC that acts once for a key. */
export type KeyedCase = {
  /** A request with a key of its own. */
  make: (scene: KeyScene) => JsonObject | Promise<JsonObject>;
  /** The same key with another body. */
  alter: (request: JsonObject) => JsonObject;
  /** What the altered request is refused with; default KEY_REUSED. */
  refusal?: string;
  /** Who calls, of an RPC for people; default the owner. */
  as?: 'admin';
  /** What grows by `effect` with the first call, and with no repeat. */
  count: (scene: KeyScene, request: JsonObject) => Promise<number>;
  /** Default 1. */
  effect?: number;
  /** Takes back what would disturb the system after the test. */
  end?: (scene: KeyScene, request: JsonObject) => Promise<unknown>;
};

/** The same request with another value of a field, wherever it stands. */
export function altered(field: string, value: JsonValue): KeyedCase['alter'] {
  const change = (_: string, found: JsonValue): JsonValue =>
    typeof found === 'object' && found !== null && field in found ? { ...found, [field]: value } : found;
  return (request) => JSON.parse(JSON.stringify(request, change)) as JsonObject;
}
