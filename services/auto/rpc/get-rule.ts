import type { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { ruleMessage } from './messages/rule-message.ts';
import { requireRule } from './rule-access.ts';

/** GetRule: also of one that was ended, as long as it is kept. */
export function getRule({ db }: AutoDeps): Implementation<typeof AutoService>['getRule'] {
  return async ({ ruleId }, context) => ({ rule: ruleMessage(await requireRule(db, context, ruleId)) });
}
