// The entry of every service in a chaos run: changes its environment and its clock before the service's own entry runs unchanged.
import { startAgent } from './agent.ts';
import { environmentOfLinks } from './links.ts';
import { checkoutOf } from './releases.ts';

const [, service = '', replica = ''] = /^(.+)-(\d+)$/.exec(process.env.OUTCRY_REPLICA ?? '') ?? [];
Object.assign(process.env, environmentOfLinks(service, process.env));
const name = `${service}-${replica}`;
await startAgent(name, Number(process.env.CHAOS_CONTROL_PORT ?? 0));
const checkout = checkoutOf(name, process.env) ?? '../../..';
await import(`${checkout}/${service === 'gateway' ? service : `services/${service}`}/main.ts`);
