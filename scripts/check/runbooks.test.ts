import { describe, expect, it } from 'vitest';
import { findRunbookProblems } from './runbooks.ts';

const commands = {
  scripts: new Set(['mesh', 'audit']),
  meshCommands: new Set(['status']),
  workloads: new Set(['deployment/order', 'job/migrate-order']),
};
const problems = (...lines: string[]) =>
  findRunbookProblems([{ path: 'docs/runbooks/a.md', text: `# A\n\n${lines.join('\n')}\n` }], commands);

describe('findRunbookProblems', () => {
  it('accepts scripts, commands of the mesh and workloads that exist', () => {
    const lines = [
      '    npm run mesh -- status',
      '    kubectl -n outcry logs job/migrate-order -c service',
      '    kubectl get deployment/order-canary',
      'Then `npm run audit`; the state is `pending`.',
    ];
    expect(problems(...lines)).toEqual([]);
  });

  it('refuses those that do not', () => {
    const lines = [
      '    npm run gone',
      '    npm run mesh -- gone',
      '    kubectl delete deployment/gone',
      '    rm -rf /',
      'Then `npm run other -- x`.',
    ];
    expect(problems(...lines)).toEqual([
      'docs/runbooks/a.md:3: package.json has no script gone',
      'docs/runbooks/a.md:4: npm run mesh has no command gone',
      'docs/runbooks/a.md:5: there is no deployment/gone',
      'docs/runbooks/a.md:6: rm is none of npm, npx, kubectl, istioctl, grpcurl',
      'docs/runbooks/a.md:7: package.json has no script other',
    ]);
    expect(problems('Wait.')).toEqual([]);
  });
});
