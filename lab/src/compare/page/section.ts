import { html, NOTHING, type Html, type Part } from '../../page/html.ts';
import { renderTable, type TableOptions } from '../../page/table.ts';
import type { ComparisonReport, SectionName } from '../report-schema.ts';
import type { Figure } from '../statistics.ts';

/** A part of the page; what was not measured has none. */
export interface Section {
  id: string;
  title: string;
  body: Html;
}

export function renderSection({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}

/** What to type to measure a section again. */
export function commandOf({ commands, command }: ComparisonReport, section: SectionName): string {
  return commands[section] ?? command;
}

/** The numbers behind a chart. */
export function behind(summary: string, body: Html, command: string): Html {
  return html`<details><summary>${summary}</summary>
${body}<p class="note">Measure again: <code>${command}</code></p></details>`;
}

/** A figure with its spread below it, for a table. */
export function figureCell(figure: Figure | null, format: (value: number) => string): Part {
  if (figure === null) return 'too few';
  if (figure.n < 2) return figure.n === 0 ? '–' : format(figure.median);
  return html`${format(figure.median)}<br><small>${format(figure.min)} – ${format(figure.max)}</small>`;
}

/** One figure of the table behind a chart. */
export interface FigureRow {
  what: string;
  brew: string;
  /** Null where there were too few answers for one. */
  figure: Figure | null;
  format: (value: number) => string;
}

/** Every figure of a section with its spread, its n and how to get it again. */
export function figuresBehind(label: string, rows: readonly FigureRow[], command: string): Html {
  const measured = rows.filter(({ figure }) => figure?.n !== 0);
  if (measured.length === 0) return NOTHING;
  return behind('Every figure, with n and spread', renderTable(figureTable(label, measured)), command);
}

function figureTable(label: string, rows: readonly FigureRow[]): TableOptions {
  const numbers = ['median', 'least', 'most', 'n'].map((title) => ({ title, number: true }));
  return {
    label,
    columns: [{ title: 'figure' }, { title: 'brew' }, ...numbers],
    rows: rows.map(({ what, brew, figure, format }) =>
      figure === null ? [what, brew, 'too few', '', '', ''] : [what, brew, format(figure.median), format(figure.min), format(figure.max), figure.n],
    ),
  };
}
