import { html, type Html } from '../page/html.ts';

const KNOWN = ['monolith', 'gateway', 'auth', 'orders', 'notifications'] as const;
const FURTHER = 3;

export const SERVICE_COLOR_STYLE = `
:root { --c0: #7b4a24; --c1: #3f7cac; --c2: #8e6bb0; --c3: #c9822b; --c4: #4d9466; --c5: #b05a6c; --c6: #7a8c2e; --c7: #5f7f8c; }
@media screen and (prefers-color-scheme: dark) { :root { --c0: #c08457; --c1: #6aa7d6; --c2: #b498d2; --c3: #e3a04d; --c4: #79bf92; --c5: #d98495; --c6: #aebf63; --c7: #8fb0bd; } }
.color-0 { fill: var(--c0); } .color-1 { fill: var(--c1); } .color-2 { fill: var(--c2); } .color-3 { fill: var(--c3); }
.color-4 { fill: var(--c4); } .color-5 { fill: var(--c5); } .color-6 { fill: var(--c6); } .color-7 { fill: var(--c7); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; color: var(--soft); }
.legend svg { width: .8rem; height: .8rem; margin-right: .35rem; vertical-align: -.05rem; }
`;

/** Which color a service has in the waterfall. */
export function colorOf(service: string): string {
  const index = KNOWN.findIndex((name) => name === service);
  return index >= 0 ? `color-${index}` : `color-${KNOWN.length + (service.length % FURTHER)}`;
}

export function renderLegend(services: readonly string[]): Html {
  return html`<ul class="legend">${services.map((service) => html`<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect class="${colorOf(service)}" width="1" height="1"/></svg>${service}</li>`)}</ul>`;
}
