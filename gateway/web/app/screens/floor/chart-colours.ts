/** Colours of the chart, as the page has them at the moment. */

/** Colours as the chart takes them. */
export type ChartColours = Record<
  'board' | 'raised' | 'chalk' | 'dim' | 'rule' | 'up' | 'down' | 'upTint' | 'downTint' | 'ticket' | 'edge',
  string
>;

const names: Record<keyof ChartColours, string> = {
  board: '--board',
  raised: '--raised',
  chalk: '--chalk',
  dim: '--dim',
  rule: '--rule',
  up: '--up',
  down: '--down',
  upTint: '--up-tint',
  downTint: '--down-tint',
  ticket: '--you',
  edge: '--edge',
};

/** Reads them from an element, each as rgb. */
export function chartColours(element: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  element.append(probe);
  try {
    const read = (name: string) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, read(name)])) as ChartColours;
  } finally {
    probe.remove();
  }
}
