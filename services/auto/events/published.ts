/** The facts that this service tells; each is written in the transaction that makes it true. */
import { AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Condition, Rule } from '../domain/rule.ts';
import type { Run } from '../domain/run.ts';
import { conditionMessage, priceText } from '../rpc/messages/rule-message.ts';
import { runMessage } from '../rpc/messages/run-message.ts';

/** Tells that a run ended. */
export async function publishRunFinished(
  tx: Sql,
  { accountId, name }: Pick<Rule, 'accountId' | 'name'>,
  run: Run,
): Promise<void> {
  await enqueueEvent(tx, RunFinishedSchema, { accountId, name, run: runMessage(run) }, { key: accountId });
}

/** Tells that an alert came true at a price (millionths). */
export async function publishAlertRaised(
  tx: Sql,
  { accountId, ruleId, name }: Pick<Rule, 'accountId' | 'ruleId' | 'name'>,
  alert: { condition: Condition; priceMicros: bigint; note: string },
): Promise<void> {
  const condition = conditionMessage(alert.condition);
  const price = priceText(alert.priceMicros);
  const init = { accountId, ruleId, name, condition, price, note: alert.note };
  await enqueueEvent(tx, AlertRaisedSchema, init, { key: accountId });
}
