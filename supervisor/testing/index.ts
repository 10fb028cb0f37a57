/** What tests and benches use to run the system: the second entrance of the supervisor. */

export { postgresPort, rabbitmqPorts, servicePort } from '../plan/ports.ts';
export { archiveSettings } from '../postgres/wal-archive.ts';
export { identifyProcess } from '../processes/process-identity.ts';
export { findFreePortRange } from './free-port-range.ts';
export {
  type AdministratorCall,
  generousConditions,
  inParallel,
  issueShares,
  openBook,
  type RegisteredAccount,
  registerAccount,
} from './set-up-market.ts';
export { type RunningSystem, type StartSystemOptions, startSystem } from './start-system.ts';
export { startVariant } from './start-variant.ts';
