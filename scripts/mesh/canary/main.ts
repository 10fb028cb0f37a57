// `npm run canary -- SERVICE --image X`: tries a new version of a service on a rising share of its calls, judges it at each step, and then either
// makes it the stable version or takes it away. A command that was killed is run again with the same words.
//   --steps 10,50,100    shares of calls in percent (default)
//   --env NAME=VALUE     a setting of the new version, also more than one; with the image of the stable version a change of settings alone is tried
//   --migrate            applies the new version's migrations first; without it a version that has new ones never becomes ready
//   --hold 30            seconds that a step takes at least
//   --calls 50           calls that the canary must answer in each step
//   --abort              ends the canary that there is
//   OUTCRY_NAMESPACE     the namespace of the system (default: outcry)
// Exit code 0: promoted, or nothing to do. 1: it could not go on. 2: aborted.
import { parseArgs } from 'node:util';
import { services } from '../../../supervisor/index.ts';
import { CommandError, describeFailure } from '../command.ts';
import { hasCanary } from '../mesh-file.ts';
import { openKubernetes } from './kubernetes.ts';
import { parseEnv } from './parse-env.ts';
import { parseSteps } from './progress.ts';
import { abortCanary, type CanaryEnd, runCanary } from './run-canary.ts';

const lookEveryMs = 5_000;
const undecidedMsMax = 300_000;
const startTimeMs = performance.now();

try {
  const { type, failed, reasons } = await run();
  const ends = { promoted: 'promoted', aborted: 'aborted', nothing: 'nothing to do' };
  say(ends[type]);
  const failedCalls = Object.values(failed).reduce((total, count) => total + count, 0);
  for (const [what, count] of Object.entries(failed)) say(`it cost: ${what}: ${count}`);
  console.log(JSON.stringify({ canary: type, failedCalls, seconds: seconds(), reasons }));
  if (type === 'promoted')
    console.log('State the image in your overlay too: the next `kubectl apply` takes it from there.');
  process.exitCode = type === 'aborted' ? 2 : 0;
} catch (error) {
  console.error(`canary: ${describeFailure(error)}`);
  process.exitCode = 1;
}

async function run(): Promise<CanaryEnd> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      image: { type: 'string' },
      steps: { type: 'string', default: '10,50,100' },
      env: { type: 'string', multiple: true, default: [] },
      hold: { type: 'string', default: '30' },
      calls: { type: 'string', default: '50' },
      migrate: { type: 'boolean', default: false },
      abort: { type: 'boolean', default: false },
    },
  });
  const service = requireService(positionals);
  const cluster = openKubernetes({ service, namespace: process.env.OUTCRY_NAMESPACE || 'outcry' });
  if (values.abort) return abortCanary({ cluster, service, say });
  if (values.image === undefined) throw new CommandError('--image names the new version');
  const rules = {
    holdMs: 1_000 * wholeNumber('--hold', values.hold),
    callsMin: wholeNumber('--calls', values.calls),
    undecidedMsMax,
  };
  const version = { image: values.image, env: parseEnv(values.env) };
  const steps = parseSteps(values.steps);
  return runCanary({ cluster, service, version, steps, migrates: values.migrate, rules, lookEveryMs, say });
}

function requireService([name, ...others]: string[]): string {
  const known = services.map((service) => service.name).filter(hasCanary);
  if (name === 'exchange') {
    throw new CommandError('the exchange’s canary is a standby of the new version and a handover: see docs/mesh.md');
  }
  if (name === undefined || others.length > 0 || !known.includes(name)) {
    throw new CommandError(`name one service of ${known.join(', ')}`);
  }
  return name;
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new CommandError(`${flag} takes a whole number of at most five digits`);
}

function seconds(): number {
  return Math.round((performance.now() - startTimeMs) / 1_000);
}

function say(what: string): void {
  console.log(`${String(seconds()).padStart(6)} s  ${what}`);
}
