/** What the tests of the mesh use of its scripts; nothing else of them is imported from outside. */
export { rpcPort } from './allow-policies.ts';
export { type Route, shareRoutes } from './canary-routes.ts';
export { CommandError, kubectl, runCommand } from './command.ts';
export { loadMeshRpcs, type MeshRpc } from './contracts.ts';
export { serviceLabel } from './manifest.ts';
export { staffSecret } from './secrets.ts';
