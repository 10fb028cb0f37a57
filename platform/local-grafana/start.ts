/** Starts the Grafana that is installed on this machine, with its data in a folder of its own. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, pathFolders } from '#platform/local-programs/find-program.ts';
import { type LocalProgram, startHttpProgram } from '#platform/local-programs/start-http-program.ts';

/** A running Grafana; `url` is its page. */
export type LocalGrafana = LocalProgram & { url: string };

/** What it shows, and where it stores what people change. */
export type GrafanaSettings = {
  directory: string;
  /** It listens on 127.0.0.1. */
  port: number;
  /** The folder with `datasources/` and `dashboards/`. */
  provisioning: string;
  /** The folder with the dashboards. */
  dashboards: string;
  prometheusUrl: string;
  /** Who may change things; everyone else on this machine may look. */
  admin: { user: string; password: string };
  onLog?: (line: string) => void;
};

/** Words for a machine without Grafana. */
export const grafanaMissing = 'Grafana is not installed (grafana.com/grafana/download; Debian has no package of it)';

const host = '127.0.0.1';
/** Where packages put the program, beside the PATH, and what it needs. */
const packageFolders = ['/usr/share/grafana/bin', '/opt/homebrew/opt/grafana/bin'];
const homes = ['/usr/share/grafana', '/opt/homebrew/opt/grafana/share/grafana', '/usr/local/share/grafana'];

/** The path of an installed `grafana-server`; undefined when there is none. */
export function findGrafana(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return findProgram('grafana-server', [...packageFolders, ...pathFolders(env)]);
}

/** Starts it and resolves when it answers. Throws an error with what it printed, or when it is not installed. */
export async function startGrafana(settings: GrafanaSettings): Promise<LocalGrafana> {
  const program = findGrafana();
  if (program === undefined) throw new Error(grafanaMissing);
  mkdirSync(settings.directory, { recursive: true });
  const url = `http://${host}:${settings.port}`;
  const home = homes.find((folder) => existsSync(join(folder, 'conf', 'defaults.ini')));
  const running = await startHttpProgram({
    program,
    args: home === undefined ? [] : ['--homepath', home],
    env: grafanaEnvironment(settings),
    readyUrl: `${url}/api/health`,
    onLog: settings.onLog,
  });
  return { ...running, url };
}

/** Its settings. Nothing is asked of or sent to anyone outside of this machine. */
export function grafanaEnvironment(settings: GrafanaSettings): Record<string, string> {
  const { directory, port, admin } = settings;
  return {
    GF_SERVER_HTTP_ADDR: host,
    GF_SERVER_HTTP_PORT: String(port),
    GF_PATHS_DATA: join(directory, 'data'),
    GF_PATHS_LOGS: join(directory, 'logs'),
    GF_PATHS_PLUGINS: join(directory, 'plugins'),
    GF_PATHS_PROVISIONING: settings.provisioning,
    GF_SECURITY_ADMIN_USER: admin.user,
    GF_SECURITY_ADMIN_PASSWORD: admin.password,
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(settings.dashboards, 'overview.json'),
    PROMETHEUS_URL: settings.prometheusUrl,
    OUTCRY_DASHBOARDS: settings.dashboards,
  };
}
