import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { projectDirectory } from '../tool.ts';
import { observabilityDirectory } from './files.ts';

type Rule = { alert: string; labels: { severity: string }; annotations: { summary: string; runbook: string } };
type Case = { name: string; alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] };

const rulesDirectory = join(observabilityDirectory, 'rules');
const runbooks = join(projectDirectory, 'docs', 'runbooks');
const read = <T>(name: string): T => parse(readFileSync(join(rulesDirectory, name), 'utf8')) as T;
const alerts = read<{ groups: { rules: Rule[] }[] }>('alerts.yaml').groups.flatMap(({ rules }) => rules);
const names = alerts.map(({ alert }) => alert).sort();

/** The alerts that a runbook is for, from its line `Alerts:`. */
function alertsOf(text: string): string[] {
  const line = /^Alerts: (.*)$/m.exec(text)?.[1] ?? '';
  return [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
}

describe('the alert rules', () => {
  it('each name a runbook that names them, and no runbook names another alert', () => {
    const named = readdirSync(runbooks).flatMap((file) =>
      alertsOf(readFileSync(join(runbooks, file), 'utf8')).map((alert) => ({ alert, file: `docs/runbooks/${file}` })),
    );
    const linked = alerts.map(({ alert, annotations }) => ({ alert, file: annotations.runbook }));
    const byName = (a: { alert: string }, b: { alert: string }) => a.alert.localeCompare(b.alert);
    expect(named.sort(byName)).toEqual(linked.sort(byName));
    for (const { labels } of alerts) expect(['page', 'ticket']).toContain(labels.severity);
  });

  it('have runbooks whose commands exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as { scripts: object };
    for (const { annotations } of alerts) {
      const text = readFileSync(join(projectDirectory, annotations.runbook), 'utf8');
      const unknown = [...text.matchAll(/npm run ([\w:-]+)/g)].filter(([, name]) => !(String(name) in scripts));
      expect(unknown, annotations.runbook).toEqual([]);
    }
  });

  it('each fire in a case of their own at least, and none does while all is well', () => {
    const { tests } = read<{ tests: Case[] }>('alerts.test.yaml');
    const expected = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    const firing = expected.filter(({ exp_alerts }) => exp_alerts.length > 0);
    const silent = expected.filter(({ exp_alerts }) => exp_alerts.length === 0);
    expect([...new Set(firing.map(({ alertname }) => alertname))].sort()).toEqual(names);
    expect(silent.map(({ alertname }) => alertname).sort()).toEqual(names);
  });

  it('do so by promtool', { timeout: 120_000 }, async (test) => {
    const run = promisify(execFile)('promtool', ['test', 'rules', 'alerts.test.yaml'], { cwd: rulesDirectory });
    const outcome = await run.catch((error: NodeJS.ErrnoException & { stdout?: string; stderr?: string }) => error);
    const isPresent = !(outcome instanceof Error && outcome.code === 'ENOENT');
    requireOrSkip(test, isPresent, 'promtool is not installed');
    expect(`${outcome.stdout}${outcome.stderr}`).toContain('SUCCESS');
    expect(outcome).not.toBeInstanceOf(Error);
  });
});
