/** The contracts by which processes of the exchange share a shard, and who answers each RPC. */
import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { ExchangeStandbyService } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import type { ExchangeDeps } from '../replication/exchange-deps.ts';
import { routeCalls } from '../replication/route-calls.ts';
import { exchangeBindings } from './bindings.ts';
import { getProgress } from './get-progress.ts';
import { getStandbys } from './get-standbys.ts';
import { handover } from './handover.ts';
import { resume } from './resume.ts';
import { watch } from './watch.ts';

/** All that a process answers: calls for a shard go to where it is served, those between processes are for the one that is asked. */
export function allBindings(deps: ExchangeDeps): ServiceBinding[] {
  const admin = implement(ExchangeAdminService, {
    getStandbys: (request) => getStandbys(deps, request),
    handover: (request) => handover(deps, request),
  });
  const standby = implement(ExchangeStandbyService, {
    watch: (request, context) => watch(deps, request, context),
    getProgress: (request) => getProgress(deps, request),
    resume: (request, context) => resume(deps, request, context),
  });
  return [...routeCalls([...exchangeBindings(deps), admin], deps), standby];
}
