import { AuditService } from '#gen/outcry/audit/v1/audit_pb.ts';
import { AuditInternalService } from '#gen/outcry/audit/v1/internal_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { AuditDeps } from '../deps.ts';
import { getVerdict } from './get-verdict.ts';
import { listVerdicts } from './list-verdicts.ts';
import { proveAll } from './prove-all.ts';
import { runAudit } from './run-audit.ts';

/** The contracts of the audit, for staff and for the ledger. */
export function auditBindings(deps: AuditDeps): ServiceBinding[] {
  return [
    bindHandlers(AuditService, deps, { runAudit, getVerdict, listVerdicts }),
    bindHandlers(AuditInternalService, deps, { proveAll }),
  ];
}
