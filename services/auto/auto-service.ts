/** Binds every RPC of the auto service to its handler. */
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { ServiceBinding } from '#platform/rpc/server.ts';
import { implement } from '#platform/rpc/server.ts';
import type { AutoDeps } from './auto-deps.ts';
import { createRule } from './handlers/create-rule.ts';
import { deleteRule } from './handlers/delete-rule.ts';
import { getRule } from './handlers/get-rule.ts';
import { listRules } from './handlers/list-rules.ts';
import { listRuns } from './handlers/list-runs.ts';
import { setRuleEnabled } from './handlers/set-rule-enabled.ts';

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
