import { describe, expect, it } from 'vitest';
import { dashboards } from './dashboards.ts';
import { findStaleDashboards } from './files.ts';

describe('the files of the dashboards', () => {
  it('are what the definitions make; `npm run dashboards:generate` writes them', () => {
    expect(findStaleDashboards()).toEqual([]);
  });

  it('have addresses and, in each, titles of their own', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { panels } of dashboards) expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });
});
