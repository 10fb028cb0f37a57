/** A panel of a dashboard, as little as one needs to be stated, and what Grafana makes of it. */

/** What a panel shows. `queries` are PromQL by legend, which may name labels as `{{label}}`. */
export type Panel = { title: string; unit: Unit; queries: Readonly<Record<string, string>> };

/** A dashboard; `uid` names its file and its address. */
export type Dashboard = { uid: string; title: string; panels: readonly Panel[] };

/** Units of Grafana. */
export type Unit = 'short' | 's' | 'ops' | 'percentunit' | 'bytes';

const [columns, width, height] = [3, 8, 7];

/** The dashboard as the file that Grafana provisions. */
export function renderDashboard({ uid, title, panels }: Dashboard): string {
  const model = {
    uid: `outcry-${uid}`,
    title: `Outcry: ${title}`,
    tags: ['outcry'],
    timezone: 'browser',
    refresh: '10s',
    schemaVersion: 39,
    time: { from: 'now-30m', to: 'now' },
    panels: panels.map((panel, index) => renderPanel(panel, index)),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

function renderPanel({ title, unit, queries }: Panel, index: number) {
  const gridPos = { x: (index % columns) * width, y: Math.floor(index / columns) * height, w: width, h: height };
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    gridPos,
    datasource: { type: 'prometheus', uid: 'outcry' },
    fieldConfig: { defaults: { unit, min: 0, custom: { lineWidth: 1, fillOpacity: 10 } }, overrides: [] },
    targets: Object.entries(queries).map(([legendFormat, expr], at) => ({
      refId: String.fromCharCode(65 + at),
      expr,
      legendFormat,
    })),
  };
}
