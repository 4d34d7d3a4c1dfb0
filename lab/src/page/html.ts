const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** HTML that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

/** What can stand in HTML: text, which is escaped, and HTML. */
export type Part = Html | string | number | readonly Part[];

/** Nothing to show. */
export const NOTHING: Html = { markup: '' };

/** Builds HTML; what is put in is escaped unless it is `Html` already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((text, string, index) => text + render(parts[index - 1] ?? '') + string) };
}

function render(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return String(part).replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
  return 'markup' in part ? part.markup : part.map(render).join('');
}
