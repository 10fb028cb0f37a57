/** What deployments and the tests of the mesh use of its scripts; nothing else of them is imported from outside. */
export { rpcPort } from './allow-policies.ts';
export { applyOverlay } from './apply.ts';
export { type Route, shareRoutes } from './canary-routes.ts';
export { changeRoutes } from './change-routes.ts';
export { CommandError, describeFailure, kubectl, runCommand } from './command.ts';
export { loadMeshRpcs, type MeshRpc } from './contracts.ts';
export { ensureEdgeSecrets } from './edge-secrets.ts';
export { type Manifest, serviceLabel } from './manifest.ts';
export { type Overlay, renderOverlay } from './overlay.ts';
export { readPodMetrics, runInPod } from './pod-metrics.ts';
export { findOverlayProblems } from './requirements.ts';
export { staffSecret } from './secrets.ts';
export { readStatus } from './status/read-status.ts';
export { findTroubles } from './status/status.ts';
