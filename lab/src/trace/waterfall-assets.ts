/** Beside the style that all pages share. */
export const WATERFALL_STYLE = `
body.wide { max-width: 100rem; }
.brews { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; align-items: start; }
.brew { margin: 0; min-width: 0; }
.span { margin: 0; border-bottom: 1px solid var(--line); }
.span summary { display: grid; grid-template-columns: 1fr auto; gap: 0 .5rem; padding: .2rem 0; cursor: pointer; list-style: none; }
.span summary::-webkit-details-marker { display: none; }
.span summary:focus-visible { outline: 2px solid var(--link); }
.span .name { overflow-wrap: anywhere; }
.span .numbers { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; font-size: .85rem; }
.span svg { grid-column: 1 / -1; width: 100%; height: .5rem; background: var(--paper); border-radius: .15rem; }
.span.technical .name, .span.database .name { color: var(--soft); font-size: .85rem; }
.span.failed .name::after { content: " failed"; color: #c0392b; font-weight: 600; }
.span.critical .name::before { content: "● "; color: var(--link); }
.span.lit { background: color-mix(in srgb, var(--link) 18%, transparent); }
.span dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: .2rem 0 .6rem; font-size: .8rem; }
.span dt { color: var(--soft); }
.span dd { margin: 0; overflow-wrap: anywhere; }
.span.database { display: none; }
body:has(#database:checked) .span.database { display: block; }
@media print { .span dl { display: none; } }
`;

export const WATERFALL_SCRIPT = `
const light = (step, on) => { for (const line of document.querySelectorAll('[data-step="' + step + '"]')) line.classList.toggle('lit', on); };
for (const line of document.querySelectorAll('.span')) {
  line.addEventListener('pointerenter', () => light(line.dataset.step, true));
  line.addEventListener('pointerleave', () => light(line.dataset.step, false));
}
`;
