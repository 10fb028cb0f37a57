import type { LocalDrill, MeshDrill } from './fault.ts';
import type { Rehearsal } from './rehearse.ts';

const nameWidth = 20;

/** The catalogue as text. */
export function listDrills(local: readonly LocalDrill[], mesh: readonly MeshDrill[]): string {
  return [
    ...local.map(({ name, title, alerts }) => `${name.padEnd(nameWidth)} ${title} ${alerts.join(', ') || 'no alert'}`),
    ...mesh.map(
      ({ name, title, meshTest }) =>
        `${name.padEnd(nameWidth)} ${title} In a cluster: npm run test:mesh -- ${meshTest}`,
    ),
  ].join('\n');
}

/** How a drill went, in a line, and a line for each problem. */
export function describeRehearsal({ name, alertSeconds, doctorSeconds, problems }: Rehearsal): string {
  const verdict = problems.length === 0 ? 'PASSED' : 'FAILED';
  const times = [
    ...(alertSeconds === undefined ? [] : [`alert after ${alertSeconds.toFixed(0)} s`]),
    ...(doctorSeconds === undefined ? [] : [`doctor after ${doctorSeconds.toFixed(0)} s`]),
  ];
  return [
    `${name.padEnd(nameWidth)} ${verdict}  ${times.join(', ')}`.trimEnd(),
    ...problems.map((text) => `    ${text}`),
  ].join('\n');
}
