/** The files of the dashboards: what they should contain, and which of them do not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../tool.ts';
import { dashboards } from './dashboards.ts';
import { renderDashboard } from './panel.ts';

/** Where the files for Prometheus and Grafana are. */
export const observabilityDirectory = join(projectDirectory, 'k8s', 'observability');
/** Where the dashboards are. */
export const dashboardDirectory = join(observabilityDirectory, 'dashboards');

/** Each file by its name. */
export function dashboardFiles(): Map<string, string> {
  return new Map(dashboards.map((dashboard) => [`${dashboard.uid}.json`, renderDashboard(dashboard)]));
}

/** The files that are missing, too many or not current. */
export function findStaleDashboards(): string[] {
  const wanted = dashboardFiles();
  const present = new Set(readdirSync(dashboardDirectory));
  const isStale = (name: string, text: string) =>
    !present.has(name) || readFileSync(join(dashboardDirectory, name), 'utf8') !== text;
  const stale = [...wanted].filter(([name, text]) => isStale(name, text)).map(([name]) => name);
  return [...stale, ...[...present].filter((name) => !wanted.has(name))];
}
