/** The events that auto emits, each in the transaction that makes it true. */
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PriceTrigger, Rule } from '../domain/rule.ts';
import type { Run } from '../domain/run.ts';
import { formatPrice, toPriceCondition } from '../rpc/messages/rule-message.ts';
import { toRunMessage } from '../rpc/messages/run-message.ts';

/** A run ended. */
export async function publishRunFinished(
  tx: Sql,
  { accountId, name }: Pick<Rule, 'accountId' | 'name'>,
  run: Run,
): Promise<void> {
  await enqueueEvent(tx, RunFinishedSchema, { accountId, name, run: toRunMessage(run) }, { key: accountId });
}

/** The price trigger of an alert fired at a price (millionths). */
export async function publishAlertRaised(
  tx: Sql,
  { accountId, ruleId, name }: Pick<Rule, 'accountId' | 'ruleId' | 'name'>,
  alert: { trigger: PriceTrigger; priceMicros: bigint; note: string },
): Promise<void> {
  const condition = toPriceCondition(alert.trigger);
  const price = formatPrice(alert.priceMicros);
  const init = { accountId, ruleId, name, condition, price, note: alert.note };
  await enqueueEvent(tx, AlertRaisedSchema, init, { key: accountId });
}
