/** Binds every RPC of the auto service to its handler. */
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { createRule } from './create-rule.ts';
import { deleteRule } from './delete-rule.ts';
import { getRule } from './get-rule.ts';
import { listRules } from './list-rules.ts';
import { listRuns } from './list-runs.ts';
import { setRuleEnabled } from './set-rule-enabled.ts';

/** The proto service of `outcry.auto.v1`. */
export function bindAutoService(deps: AutoDeps): ServiceBinding[] {
  return [
    implement(AutoService, {
      createRule: createRule(deps),
      getRule: getRule(deps),
      listRules: listRules(deps),
      setRuleEnabled: setRuleEnabled(deps),
      deleteRule: deleteRule(deps),
      listRuns: listRuns(deps),
    }),
  ];
}
