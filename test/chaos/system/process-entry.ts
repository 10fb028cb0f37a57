// The entry of every service in a chaos run: changes its environment and its clock before the service's own entry runs unchanged.
import { startAgent } from './agent.ts';
import { environmentOfLinks } from './links.ts';

const [, service = '', replica = ''] = /^(.+)-(\d+)$/.exec(process.env.OUTCRY_REPLICA ?? '') ?? [];
Object.assign(process.env, environmentOfLinks(service, process.env));
await startAgent(`${service}-${replica}`, Number(process.env.CHAOS_CONTROL_PORT ?? 0));
await import(`../../../${service === 'gateway' ? service : `services/${service}`}/main.ts`);
