/** What other folders use of the supervisor; beside it only `testing/index.ts` is imported from outside. */

export { type DatabaseTarget, findDatabaseTargets } from './client/database-target.ts';
export { createGatewayCall, type GatewayCall, GatewayError, type JsonObject, logIn } from './client/gateway-client.ts';
export { findAdminTarget, findOperatorTarget, type OperatorTarget } from './client/operator-target.ts';
export { type RunFile, readRunFile } from './data/run-file.ts';
export { loadSecrets } from './data/secrets.ts';
export { readServiceKeys } from './data/service-keys.ts';
export { demoPassword, demoUsers } from './demo/demo-users.ts';
export { adminEmail, operatorEmail, rabbitmqUser } from './plan/environment.ts';
export { busDatabase, type ServiceDefinition, services } from './plan/services.ts';
export { isRunning } from './processes/process-identity.ts';
