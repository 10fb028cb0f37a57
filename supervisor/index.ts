/** What other folders use of the supervisor: nothing else of it is imported from outside, but `testing/index.ts`. */
export { createGatewayCall, type GatewayCall, GatewayError, type JsonObject, logIn } from './client/gateway-client.ts';
export { findOperatorTarget, type OperatorTarget } from './client/operator-target.ts';
export { type RunFile, type RunningReplica, readRunFile } from './data/run-file.ts';
export { loadSecrets, type Secrets } from './data/secrets.ts';
export { adminEmail, operatorEmail } from './plan/environment.ts';
export { busDatabase, type ServiceDefinition, services } from './plan/services.ts';
export { isRunning, type ProcessIdentity, signalProcess } from './processes/process-identity.ts';
