/** The ledger's own configuration, from the environment. */
import { ConfigError, choice, collect, type Environment, integer, text } from '#platform/config/env.ts';
import { readShardMap } from '#platform/config/shard-map.ts';
import type { LocalPaymentSwitches } from './domain/payment-fate.ts';

/** What the ledger reads beside what every service does. */
export type LedgerConfig = {
  /** EXCHANGE_SHARDS: the shards of the exchange, all of which are settled. */
  shards: number[];
  payments: PaymentConfig;
};

/** Which payment provider is used, and how. */
export type PaymentConfig = {
  /** LEDGER_PAYMENT_PROVIDER: the provider of new payments; `local` is the only one of this release. */
  provider: 'local';
  /**
   * LEDGER_PAYMENT_SECRETS: secrets of callbacks, 32 characters or more, separated by commas; the first signs, all are accepted. Empty: one
   * is derived from the secret of service tokens.
   */
  secrets: string[];
  /** LEDGER_LOCAL_PAYMENT_...: what goes wrong at the local provider. */
  local: LocalPaymentSwitches;
  /** LEDGER_LOCAL_PAYMENT_CALLBACK_URL: where the local provider posts its callbacks; empty: handed over inside the process. */
  callbackUrl: string;
};

const providers = ['local'] as const;
const secretLengthMin = 32;
const hourMs = 3_600_000;

/** Reads the configuration. Throws ConfigError. */
export function readLedgerConfig(env: Environment): LedgerConfig {
  return collect<LedgerConfig>({ shards: () => readShardMap(env).shards, payments: () => readPaymentConfig(env) });
}

function readPaymentConfig(env: Environment): PaymentConfig {
  return collect<PaymentConfig>({
    provider: () => choice(env, 'LEDGER_PAYMENT_PROVIDER', providers, 'local'),
    secrets: () => readSecrets(env),
    local: () => readSwitches(env),
    callbackUrl: () => readUrl(env, 'LEDGER_LOCAL_PAYMENT_CALLBACK_URL'),
  });
}

function readSwitches(env: Environment): LocalPaymentSwitches {
  const number = (name: string, max: number, fallback = 0) => {
    return () => integer(env, `LEDGER_LOCAL_PAYMENT_${name}`, { default: fallback, min: 0, max });
  };
  return collect<LocalPaymentSwitches>({
    seed: number('SEED', 1_000_000_000, 1),
    delayMsMax: number('DELAY_MS_MAX', hourMs),
    refusedPercent: number('REFUSED_PERCENT', 100),
    failedPercent: number('FAILED_PERCENT', 100),
    unansweredPercent: number('UNANSWERED_PERCENT', 100),
    lostPercent: number('LOST_PERCENT', 100),
    repeatedPercent: number('REPEATED_PERCENT', 100),
    latePercent: number('LATE_PERCENT', 100),
    lateMs: number('LATE_MS', hourMs, 5_000),
  });
}

function readSecrets(env: Environment): string[] {
  const name = 'LEDGER_PAYMENT_SECRETS';
  const secrets = text(env, name, '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  if (secrets.every(({ length }) => length >= secretLengthMin)) return secrets;
  throw new ConfigError([`${name} has a secret of fewer than ${secretLengthMin} characters`]);
}

function readUrl(env: Environment, name: string): string {
  const url = text(env, name, '');
  if (url === '' || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  throw new ConfigError([`${name} is no address of HTTP`]);
}
