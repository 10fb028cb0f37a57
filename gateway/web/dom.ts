/** Small helpers over the document. Text is always set as text, never as markup. */

/** The element with the id. Throws when the page has none. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** A table row of cells; a cell is its text and its class. */
export function row(...cells: [text: string, className?: string][]): HTMLTableRowElement {
  const element = document.createElement('tr');
  element.append(...cells.map(([text, className]) => cell(text, className)));
  return element;
}

/** A table cell. */
export function cell(text: string, className = ''): HTMLTableCellElement {
  const element = document.createElement('td');
  element.textContent = text;
  element.className = className;
  return element;
}

/** Runs `work` again and again, a second after it failed or ended, until the signal aborts. */
export async function keepUp(work: () => Promise<void>, signal: AbortSignal, onFailure: () => void): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onFailure);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
