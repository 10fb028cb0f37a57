import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url));
const shared = inject('sharedSystem');
const run = promisify(execFile);
/** What only looks, and needs neither a cluster nor another machine. */
const looks = /\bnpm run ((?:doctor|feeds|audit|dead-letters|exchange:handover -- --status)\b[^`\n#]*)/g;

const runbooks = globSync('docs/runbooks/*.md', { cwd: projectDirectory }).map((path) => {
  const text = readFileSync(join(projectDirectory, path), 'utf8');
  return {
    path,
    isForAlert: /^Alerts: /m.test(text),
    looks: [...text.matchAll(looks)].map(([, words = '']) => words.trim()),
  };
});
const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Exit code and output of a command of a runbook, on the shared system. What lifts a halt is only looked up. */
async function look(words: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const [name = '', , ...flags] = words.split(/\s+/);
  const [program = '', ...script] = (scripts[name] ?? '').split(' ');
  const here = flags.map((flag) => flag.replace('https://outcry.example.com', shared.gatewayUrl));
  const where = here.includes('--url') ? [] : ['--data', shared.dataDirectory];
  const env = { ...process.env, OUTCRY_EMAIL: shared.admin.email, OUTCRY_PASSWORD: shared.admin.password };
  const [file, args] = [program === 'node' ? process.execPath : program, [...script, ...here, ...where]];
  return run(file, args, { cwd: projectDirectory, env, timeout: 60_000 }).then(
    (done) => ({ code: 0, ...done }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('the runbooks', () => {
  it('have, for each alert, a command that only looks', () => {
    const ofAlerts = runbooks.filter(({ isForAlert }) => isForAlert);
    expect(ofAlerts.length).toBeGreaterThan(10);
    expect(ofAlerts.filter(({ looks: found }) => found.length === 0).map(({ path }) => path)).toEqual([]);
  });

  const commands = [...new Set(runbooks.flatMap(({ looks: found }) => found))].filter(
    (words) => !/--(resume|help)/.test(words),
  );
  it.each(commands)('can be followed: npm run %s', { timeout: 90_000 }, async (words) => {
    const { code, stdout, stderr } = await look(words);
    // 1: it has found something, as other tests leave things behind.
    expect([0, 1], stderr).toContain(code);
    expect(stdout.trim()).not.toBe('');
    expect(stderr).toBe('');
  });
});
