import { describe, expect, it } from 'vitest';
import { architectureProblems } from './architecture.ts';
import { edgeTable, findEdges } from './edges.ts';

const files = [
  {
    path: 'services/ledger/server.ts',
    text: 'const feed = app.clientOf(ExchangeFeedService);\nconst users = app.clientOf(UserInternalService);',
  },
  { path: 'services/ledger/events/consumed.ts', text: "import { A } from '#gen/outcry/user/v1/events_pb.ts';" },
  { path: 'services/ledger/testing/fake.ts', text: 'clientOf(MarketFeedService)' },
];
const declared = [
  { name: 'ledger', calls: ['user', 'exchange'] },
  { name: 'user', calls: [] },
];

describe('findEdges', () => {
  it('finds what a service calls, follows and hears, and nothing of its tests', () => {
    expect(findEdges(files, declared)).toEqual([
      { from: 'ledger', to: 'exchange', kind: 'calls' },
      { from: 'ledger', to: 'user', kind: 'calls' },
      { from: 'ledger', to: 'exchange', kind: 'follows' },
      { from: 'ledger', to: 'user', kind: 'hears' },
    ]);
  });
});

describe('architectureProblems', () => {
  const edges = findEdges(files, declared);
  const document = (picture: string, table: string) =>
    `# A\n\n## Bird's eye\n\n${picture}\n\ntext\n\n${table}\n\nmore\n`;
  const picture = '    ledger ---> exchange\n\n    user';

  it('accepts a document with every service and the table of today', () => {
    expect(architectureProblems(document(picture, edgeTable(edges)), edges)).toEqual([]);
  });

  it('finds a service that the picture lacks, and a table that is old', () => {
    expect(architectureProblems(document('    ledger ---> user', edgeTable(edges)), edges)).toEqual([
      'ARCHITECTURE.md: the picture does not show exchange',
    ]);
    expect(architectureProblems(document(picture, edgeTable(edges.slice(1))), edges)).toHaveLength(1);
  });
});
