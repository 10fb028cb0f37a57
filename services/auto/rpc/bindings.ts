import { AutoAuditService } from '#gen/outcry/auto/v1/audit_pb.ts';
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { AutoDeps } from '../deps.ts';
import { createRule } from './create-rule.ts';
import { deleteRule } from './delete-rule.ts';
import { getRule } from './get-rule.ts';
import { listRules } from './list-rules.ts';
import { listRuns } from './list-runs.ts';
import { readRows } from './read-rows.ts';
import { setRuleEnabled } from './set-rule-enabled.ts';

/** The contracts of auto, for people and for the audit. */
export function autoBindings(deps: AutoDeps): ServiceBinding[] {
  return [
    bindHandlers(AutoService, deps, { createRule, getRule, listRules, setRuleEnabled, deleteRule, listRuns }),
    bindHandlers(AutoAuditService, deps, { readRows }),
  ];
}
