/** Asks every service for a description of itself, all at once and each within its own time. */
import { type Process, ProcessService } from '#gen/outcry/process/v1/process_pb.ts';
import { codeName } from '#platform/errors/code.ts';
import { toOutcryError } from '#platform/errors/details.ts';
import { describeProcess } from '#platform/lifecycle/describe-process.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import { shareRead } from '#platform/telemetry/share-read.ts';
import { needs } from '../needs.ts';

/** What came of asking a service: the process that answered, or the name of the status code of the failure. */
export type GatheredService = { service: string; process?: Process; failure?: string };

/** Gathers from all services, the gateway included, by name. Takes two seconds at most, and never rejects. */
export type GatherProcesses = () => Promise<GatheredService[]>;

const timeoutMs = 2_000;

/** Asks the services that the gateway calls. Those who ask while they are asked get the same answers: a service is asked once at a time. */
export function createGatherer(app: AppOf<typeof needs>): GatherProcesses {
  const clients = needs.calls.map((service) => ({ service, client: app.clientOf(ProcessService, service) }));
  return shareRead(async () => {
    const own = describeProcess(app).then((process) => ({ service: needs.name, process }));
    const others = clients.map(async ({ service, client }): Promise<GatheredService> => {
      try {
        const { process } = await client.describe({}, { timeoutMs });
        return process === undefined ? { service, failure: 'UNKNOWN' } : { service, process };
      } catch (error) {
        return { service, failure: codeName(toOutcryError(error).code) };
      }
    });
    const gathered = await Promise.all([own, ...others]);
    return gathered.toSorted((one, other) => (one.service < other.service ? -1 : 1));
  });
}
