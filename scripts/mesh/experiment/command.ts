import { parseArgs } from 'node:util';
import { gatewayService } from '#platform/auth/access.ts';
import { pause } from '#platform/time/pause.ts';
import { services } from '../../../supervisor/index.ts';
import type { Deployment } from '../canary/canary-deployment.ts';
import { parseEnv } from '../canary/parse-env.ts';
import { changeRoutes } from '../change-routes.ts';
import { CommandError, kubectl } from '../command.ts';
import { loadMeshRpcs } from '../contracts.ts';
import { ingressRouteName, operatorsRouteName } from '../ingress-routes.ts';
import { routesName } from '../retry-routes.ts';
import { experimentLabel, faultFilter, statusOf } from './fault.ts';
import { type MirroringRoute, mirrorManifests, mirrorName, mirrorRoutes } from './mirror.ts';

const usage = `usage: npm run mesh -- experiment
  fault SERVICE --percent 20 [--status UNAVAILABLE] [--delay MS] [--rpc PlaceHolds] [--for SECONDS]
  mirror SERVICE --percent 100 [--image X] [--env NAME=VALUE] [--for SECONDS]
  off`;
const secondsMax = 3_600;

type Options = {
  percent?: string;
  status?: string;
  delay: string;
  rpc?: string;
  image?: string;
  env: string[];
  for?: string;
};

/**
 * `npm run mesh -- experiment`: a fault at a service, or copies of its calls for a second version. With `--for` it ends by itself after that time;
 * else, and when the command was killed, `off` ends all. Rejects with CommandError.
 */
export async function experimentCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      percent: { type: 'string' },
      status: { type: 'string' },
      delay: { type: 'string', default: '0' },
      rpc: { type: 'string' },
      image: { type: 'string' },
      env: { type: 'string', multiple: true, default: [] },
      for: { type: 'string' },
    },
  });
  const [kind, service = '', ...others] = positionals;
  const namespace = process.env.OUTCRY_NAMESPACE || 'outcry';
  if (kind === 'off') return endAll(namespace);
  const isService = services.some(({ name }) => name === service);
  const begin = { fault: beginFault, mirror: beginMirror }[kind ?? ''];
  if (begin === undefined || !isService || others.length > 0) throw new CommandError(usage);
  const seconds = values.for === undefined ? undefined : wholeNumber('--for', values.for, secondsMax);
  await begin({ namespace, service }, values);
  console.log(`${kind} at ${service}: on`);
  if (seconds === undefined) return;
  await pause(seconds * 1_000).finally(() => endAll(namespace));
}

type Place = { namespace: string; service: string };

async function beginFault({ namespace, service }: Place, values: Options): Promise<void> {
  const delayMs = wholeNumber('--delay', values.delay, 10_000);
  const status = values.status === undefined && delayMs === 0 ? 'UNAVAILABLE' : values.status;
  const fault = {
    service,
    percent: percentOf(values),
    status: status === undefined ? undefined : statusOf(status),
    delayMs,
    rpc: values.rpc,
  };
  await apply(namespace, [faultFilter(fault, await loadMeshRpcs())]);
}

async function beginMirror({ namespace, service }: Place, values: Options): Promise<void> {
  const percent = percentOf(values);
  const text = await kubectl(['-n', namespace, 'get', 'deployment', service, '-o', 'json']);
  const stable = JSON.parse(text) as Deployment;
  const own = stable.spec.template.spec.containers.find(({ name }) => name === 'service')?.image ?? '';
  const version = { image: values.image ?? own, env: parseEnv(values.env) };
  await apply(namespace, mirrorManifests(stable, version));
  const ready = ['rollout', 'status', `deployment/${mirrorName(service)}`, '--timeout=180s'];
  await kubectl(['-n', namespace, ...ready]);
  await changeMirrors({ namespace, service }, percent);
}

async function endAll(namespace: string): Promise<void> {
  const selected = ['-l', experimentLabel, '--ignore-not-found'];
  const text = await kubectl(['-n', namespace, 'get', 'services', ...selected, '-o', 'name']);
  for (const [, service = ''] of text.matchAll(/^service\/(\w+)-mirror$/gm))
    await changeMirrors({ namespace, service }, 0);
  await kubectl(['-n', namespace, 'delete', 'envoyfilters,deployments,services', ...selected]);
  console.log('no experiment is on');
}

async function changeMirrors({ namespace, service }: Place, percent: number): Promise<void> {
  const names = service === gatewayService ? [ingressRouteName, operatorsRouteName] : [routesName(service)];
  for (const name of names) {
    await changeRoutes<MirroringRoute>(namespace, name, (http) => mirrorRoutes(service, http, percent));
  }
}

async function apply(namespace: string, items: readonly object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(['-n', namespace, 'apply', '-f', '-'], { input });
}

function percentOf({ percent }: Options): number {
  if (percent === undefined) throw new CommandError('--percent says of how many of 100 calls');
  return wholeNumber('--percent', percent, 100);
}

function wholeNumber(flag: string, text: string, max: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= max) return Number(text);
  throw new CommandError(`${flag} takes a whole number of at most ${max}`);
}
