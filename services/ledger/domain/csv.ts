/**
 * CSV by RFC 4180 that is safe to open in a spreadsheet. Texts are quoted, and one that a spreadsheet would take for a formula gets an
 * apostrophe before it (OWASP, CSV injection). Numbers are written as they are: -12.50 stays a number.
 */

/** A cell: a number as plain decimal text, or a text. */
export type CsvCell = { number: string } | { text: string };

const plainNumber = /^-?\d+(?:\.\d+)?$/;
// Also after spaces, which spreadsheets drop.
const formulaStart = /^\s*[=+\-@\t\r\n|%]/;

/** A line, ended by CR LF. Throws RangeError for a number that is none: it would be a way around the apostrophe. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(writeCell).join(',')}\r\n`;
}

function writeCell(cell: CsvCell): string {
  if ('number' in cell) {
    if (!plainNumber.test(cell.number)) throw new RangeError('a cell of a number is no plain decimal');
    return cell.number;
  }
  const safe = formulaStart.test(cell.text) ? `'${cell.text}` : cell.text;
  return `"${safe.replaceAll('"', '""')}"`;
}
