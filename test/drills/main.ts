// `npm run drill`: rehearses faults of the catalogue on a system of its own. Exit code 0 when each alert fired, the doctor named each fault and
// everything was accounted for afterwards; 1 when not; 2 for a wrong command line.
//
//   NAME...      drills of the catalogue
//   --all        all that run on one machine
//   --list       what there is, with alerts and runbooks
//   --doctor     only the doctor, without Prometheus
//   --seed N     one drill, chosen by N, whose name is printed at the end only
import { parseArgs } from 'node:util';
import { localDrills } from './catalogue/catalogue.ts';
import { meshDrills } from './catalogue/mesh.ts';
import type { LocalDrill } from './fault.ts';
import { groupDrills } from './group-drills.ts';
import { rehearse } from './rehearse.ts';
import { describeRehearsal, listDrills } from './report.ts';
import { startScene } from './scene.ts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean' },
      list: { type: 'boolean' },
      doctor: { type: 'boolean' },
      seed: { type: 'string' },
    },
  });
  if (values.list) return print(listDrills(localDrills, meshDrills)) ?? 0;
  const drills = choose(values, positionals);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => interrupt.abort(new Error('it was interrupted')));
  let failed = 0;
  for (const group of groupDrills(drills)) {
    if (signal.aborted) break;
    await using scene = await startScene(group);
    for (const drill of group) {
      if (signal.aborted) break;
      if (values.seed === undefined) print(`${drill.name}: ${drill.title}`);
      const options = values.doctor ? { alerts: false, signal } : { signal };
      const rehearsal = await rehearse(scene, drill, options).catch((error: Error) => {
        return { name: drill.name, alertSeconds: undefined, doctorSeconds: undefined, problems: [error.message] };
      });
      print(describeRehearsal(rehearsal));
      failed += rehearsal.problems.length === 0 ? 0 : 1;
    }
  }
  signal.throwIfAborted();
  print(`drills: ${drills.length - failed} of ${drills.length} passed`);
  return failed === 0 ? 0 : 1;
}

function choose({ all, seed }: { all?: boolean; seed?: string }, names: readonly string[]): LocalDrill[] {
  if (all) return [...localDrills];
  if (seed !== undefined) {
    const known = localDrills.filter(({ finding }) => finding !== undefined);
    const drill = /^\d{1,9}$/.test(seed) ? known[Number(seed) % known.length] : undefined;
    if (drill === undefined) throw new TypeError('--seed takes a whole number');
    return [drill];
  }
  if (names.length === 0) throw new TypeError('name drills, or use --all or --list');
  return names.map((name) => {
    const drill = localDrills.find((one) => one.name === name);
    const ofMesh = meshDrills.find((one) => one.name === name);
    if (ofMesh !== undefined) throw new TypeError(`${name} needs a cluster: npm run test:mesh -- ${ofMesh.meshTest}`);
    if (drill === undefined) throw new TypeError(`there is no drill ${name}; --list has all`);
    return drill;
  });
}

// What a drill has left open, such as a connection to a process that is gone, does not keep the command from ending.
process.exit(
  await main().catch((error: unknown) => {
    console.error(`drill: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof TypeError ? 2 : 1;
  }),
);
