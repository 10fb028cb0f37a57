/** One value of a metric. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a scrape in Prometheus' text format. Lines that are none are passed over. */
export function parseSamples(text: string): Sample[] {
  return text.split('\n').flatMap((row) => {
    const [, name = '', labels = '', value = ''] = (row.startsWith('#') ? null : line.exec(row)) ?? [];
    const number = Number(value);
    if (name === '' || value === '' || Number.isNaN(number)) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = '', quoted = '']) => [key, quoted]);
    return [{ name, labels: Object.fromEntries(pairs), value: number }];
  });
}
