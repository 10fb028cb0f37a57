import { kubectl } from './command.ts';

/**
 * Changes the routes of a VirtualService. A change by somebody else in between fails it. The rest of the resource is not sent: `kubectl replace`
 * would write all of it, with its version, into what the next `kubectl apply` compares with, which then is refused.
 */
export async function changeRoutes<R>(
  namespace: string,
  name: string,
  change: (routes: readonly R[]) => R[],
): Promise<void> {
  const text = await kubectl(['-n', namespace, 'get', 'virtualservice', name, '-o', 'json']);
  const { metadata, spec } = JSON.parse(text) as { metadata: { resourceVersion: string }; spec: { http: R[] } };
  const patch = { metadata: { resourceVersion: metadata.resourceVersion }, spec: { http: change(spec.http) } };
  await kubectl(['-n', namespace, 'patch', 'virtualservice', name, '--type=merge', '-p', JSON.stringify(patch)]);
}
