import pg from 'pg';

const { builtins } = pg.types;
const int8Array = 1016;
const dateArray = 1182;

/** Reads values exactly: no int8 through a float, no date through a time zone. */
export const exactTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    switch (oid) {
      case builtins.INT8:
        return BigInt;
      case int8Array:
        return (text: string) => parseTextArray(text).map((item) => (item === null ? null : BigInt(item)));
      case builtins.DATE:
        return String;
      case dateArray:
        return parseTextArray;
      default:
        return pg.types.getTypeParser(oid, 'text');
    }
  }) as typeof pg.types.getTypeParser,
};

const textArray: number = 1009;

function parseTextArray(text: string): (string | null)[] {
  const parse: (text: string) => (string | null)[] = pg.types.getTypeParser(textArray, 'text');
  return parse(text);
}
