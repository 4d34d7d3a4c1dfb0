import { html, type Html, type Part } from './html.ts';

export interface Column {
  title: string;
  /** Numbers stand at the right, so that their digits line up. */
  number?: boolean;
}

export interface TableOptions {
  /** What the table is about, for those who do not see it. */
  label: string;
  columns: readonly Column[];
  /** The first cell of each row is its head. */
  rows: readonly (readonly Part[])[];
}

/** A table that scrolls by itself where the page is too narrow for it. */
export function renderTable({ label, columns, rows }: TableOptions): Html {
  const alignment = columns.map(({ number = false }) => (number ? 'number' : 'text'));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
<thead><tr>${columns.map(({ title }, index) => html`<th scope="col" class="${alignment[index] ?? ''}">${title}</th>`)}</tr></thead>
<tbody>${rows.map(([head = '', ...cells]) => html`<tr><th scope="row">${head}</th>${cells.map((cell, index) => html`<td class="${alignment[index + 1] ?? ''}">${cell}</td>`)}</tr>
`)}</tbody></table></div>`;
}
