/** Finds in a plan where it reads a whole table. */

/** A node of EXPLAIN (FORMAT JSON), as far as it is read. */
export type PlanNode = {
  'Node Type': string;
  Schema?: string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
};

/** A place where a whole table, or a whole index of it, is read. */
export type Scan = { table: string; how: string };

// They read all of their input before they give a row.
const blockingNodes = new Set(['Sort', 'Aggregate', 'Hash', 'WindowAgg', 'Materialize', 'SetOp', 'Unique']);

/**
 * Sequential scans, and scans of a whole index that no LIMIT ends.
 *
 * @param partialIndexes names of indexes of a part of their table, such as what is unfinished: those may be read whole
 */
export function findScans(plan: PlanNode, partialIndexes: ReadonlySet<string>): Scan[] {
  return visit(plan, { isLimited: false, table: '' }, partialIndexes);
}

function visit(node: PlanNode, above: { isLimited: boolean; table: string }, partial: ReadonlySet<string>): Scan[] {
  const type = node['Node Type'];
  const relation = node['Relation Name'];
  const table = relation === undefined ? above.table : `${node.Schema ?? 'public'}.${relation}`;
  const index = node['Index Name'];
  const isLimited = type === 'Limit' || (above.isLimited && !blockingNodes.has(type));
  const found: Scan[] = [];
  if (type === 'Seq Scan') found.push({ table, how: 'sequential scan' });
  if (index !== undefined && node['Index Cond'] === undefined && !isLimited && !partial.has(index))
    found.push({ table, how: `scan of all of ${index}` });
  return [...found, ...(node.Plans ?? []).flatMap((below) => visit(below, { isLimited, table }, partial))];
}
