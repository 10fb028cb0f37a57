/** The events that auto emits, each in the transaction that makes it true, under the id that follows from its run. */
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import { uuidV7OfFact } from '#platform/ids/uuid-v7.ts';
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
  const id = uuidV7OfFact(run.runId, 'finished');
  await enqueueEvent(tx, RunFinishedSchema, { accountId, name, run: toRunMessage(run) }, { key: accountId, id });
}

/** The price trigger of an alert fired at a price (millionths), in a run. */
export async function publishAlertRaised(
  tx: Sql,
  { accountId, ruleId, name }: Pick<Rule, 'accountId' | 'ruleId' | 'name'>,
  alert: { runId: string; trigger: PriceTrigger; priceMicros: bigint; note: string },
): Promise<void> {
  const condition = toPriceCondition(alert.trigger);
  const price = formatPrice(alert.priceMicros);
  const init = { accountId, ruleId, name, condition, price, note: alert.note };
  await enqueueEvent(tx, AlertRaisedSchema, init, { key: accountId, id: uuidV7OfFact(alert.runId, 'alert') });
}
