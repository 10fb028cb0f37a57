/** Runs before each file of tests: the hosts of the ingress are found without a name server. */
import dns from 'node:dns';
import { hostsVariable } from './hosts.ts';

const hosts = JSON.parse(process.env[hostsVariable] ?? '{}') as Record<string, string>;
const lookup = dns.lookup as (hostname: string, ...rest: unknown[]) => void;

Object.assign(dns, {
  lookup: (hostname: string, ...rest: unknown[]) => lookup(hosts[hostname] ?? hostname, ...rest),
});
