/** Watches the health of each service behind the gateway, for the gateway's own health service to report. */
import type { DescService } from '@bufbuild/protobuf';
import { type Health, HealthCheckResponse_ServingStatus as Status } from '#gen/health/v1/health_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import type { HealthState } from '#platform/rpc/health.ts';
import { pause } from '#platform/time/pause.ts';

const retryMs = 500;

/** Follows one upstream until the signal aborts; `onServing` runs at each change to serving. */
export async function watchUpstream(options: {
  client: RpcClient<typeof Health>;
  services: DescService[];
  health: HealthState;
  signal: AbortSignal;
  onServing: () => void;
}): Promise<void> {
  const report = (serving: boolean) => {
    for (const service of options.services) options.health.set(service.typeName, serving);
    if (serving) options.onServing();
  };
  while (!options.signal.aborted) {
    try {
      for await (const { status } of options.client.watch({ service: '' }, { signal: options.signal })) {
        report(status === Status.SERVING);
      }
    } catch {
      // Unreachable or drained: not serving until it answers again.
    }
    report(false);
    await pause(retryMs, options.signal);
  }
}
