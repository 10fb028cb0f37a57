/** The user service's own configuration, from the environment. */
import { ConfigError, collect, type Environment, flag, integer, text } from '#platform/config/env.ts';
import { passwordStrengthProblem } from './accounts/password-strength.ts';
import type { AccountRole } from './domain/account.ts';
import { type Conditions, type ConditionsText, type FieldProblem, parseConditions } from './domain/conditions.ts';
import { emailProblem, normaliseEmail, passwordFormProblem } from './domain/identity-rules.ts';
import { houseConditions, standardConditions } from './domain/standard-conditions.ts';

/** A member of staff who exists from the first start on. */
export type BootstrapAccount = { email: string; password: string; displayName: string; roles: AccountRole[] };

/** What the user service reads beside the base configuration. */
export type UserConfig = {
  /** BOOTSTRAP_ADMIN_EMAIL with _PASSWORD, BOOTSTRAP_OPERATOR_EMAIL with _PASSWORD. */
  bootstrapAccounts: BootstrapAccount[];
  /** DEFAULT_MAKER_BPS, DEFAULT_TAKER_BPS, DEFAULT_ORDER_NOTIONAL_MAX, DEFAULT_OPEN_NOTIONAL_MAX and so on. */
  defaultConditions: Conditions;
  houseConditions: Conditions;
  /** SIGNING_KEY_ROTATION_DAYS, default 30, 1 to 365: the age at which a signing key gets a successor. */
  signingKeyRotationMs: number;
  /** PASSWORD_HASH_CONCURRENCY, default 2, 1 to 32: passwords hashed at once; each takes 19 MiB. */
  hashConcurrency: number;
  /** PASSWORD_HASH_QUEUE_MAX, default 100, 0 to 10000: calls that may wait for that; further ones are refused. */
  hashQueueLengthMax: number;
};

const dayMs = 24 * 3_600_000;

/** Reads the configuration. Throws ConfigError with every problem at once. */
export function readUserConfig(env: Environment): UserConfig {
  const rotation = { default: 30, min: 1, max: 365 };
  return collect<UserConfig>({
    bootstrapAccounts: () =>
      Object.values(
        collect({
          admin: () => readBootstrap(env, 'BOOTSTRAP_ADMIN', 'Administrator', ['user', 'operator', 'admin']),
          operator: () => readBootstrap(env, 'BOOTSTRAP_OPERATOR', 'Operator', ['user', 'operator']),
        }),
      ).flat(),
    defaultConditions: () => conditionsOf('DEFAULT_*', readDefaultConditions(env)),
    houseConditions: () => conditionsOf('house conditions', houseConditions),
    signingKeyRotationMs: () => integer(env, 'SIGNING_KEY_ROTATION_DAYS', rotation) * dayMs,
    hashConcurrency: () => integer(env, 'PASSWORD_HASH_CONCURRENCY', { default: 2, min: 1, max: 32 }),
    hashQueueLengthMax: () => integer(env, 'PASSWORD_HASH_QUEUE_MAX', { default: 100, min: 0, max: 10_000 }),
  });
}

function readBootstrap(
  env: Environment,
  prefix: string,
  displayName: string,
  roles: AccountRole[],
): BootstrapAccount[] {
  const email = normaliseEmail(text(env, `${prefix}_EMAIL`, ''));
  const password = text(env, `${prefix}_PASSWORD`, '');
  if (email === '' && password === '') return [];
  const wrongEmail = emailProblem(email);
  const wrongPassword = passwordFormProblem(password) ?? passwordStrengthProblem(password, { email, displayName });
  const problems: string[] = [];
  if (wrongEmail !== undefined) problems.push(`${prefix}_EMAIL ${wrongEmail}`);
  if (wrongPassword !== undefined) problems.push(`${prefix}_PASSWORD ${wrongPassword}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return [{ email, password, displayName, roles }];
}

function readDefaultConditions(env: Environment): ConditionsText {
  const { feePlan } = standardConditions;
  const bps = (name: string, fallback: number) => integer(env, name, { default: fallback, min: 0, max: 1_000 });
  const count = (name: string, fallback: number) => integer(env, name, { default: fallback, min: 1, max: 10_000 });
  return collect<ConditionsText>({
    feePlan: () => ({
      name: text(env, 'DEFAULT_FEE_PLAN', feePlan.name),
      makerBps: bps('DEFAULT_MAKER_BPS', feePlan.makerBps),
      takerBps: bps('DEFAULT_TAKER_BPS', feePlan.takerBps),
    }),
    orderNotionalMax: () => text(env, 'DEFAULT_ORDER_NOTIONAL_MAX', standardConditions.orderNotionalMax),
    openNotionalMax: () => text(env, 'DEFAULT_OPEN_NOTIONAL_MAX', standardConditions.openNotionalMax),
    openOrdersMax: () => count('DEFAULT_OPEN_ORDERS_MAX', standardConditions.openOrdersMax),
    ordersPerSecondMax: () => count('DEFAULT_ORDERS_PER_SECOND_MAX', standardConditions.ordersPerSecondMax),
    positionQuantityMax: () => text(env, 'DEFAULT_POSITION_QUANTITY_MAX', standardConditions.positionQuantityMax),
    marketOrdersPermitted: () => flag(env, 'DEFAULT_MARKET_ORDERS_PERMITTED', standardConditions.marketOrdersPermitted),
    transferAmountMax: () => text(env, 'DEFAULT_TRANSFER_AMOUNT_MAX', standardConditions.transferAmountMax),
  });
}

function conditionsOf(name: string, written: ConditionsText): Conditions {
  const problems: FieldProblem[] = [];
  const conditions = parseConditions(written, problems);
  if (conditions !== undefined) return conditions;
  throw new ConfigError(problems.map(({ field, description }) => `${name}: ${field} ${description}`));
}
