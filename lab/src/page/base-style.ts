/** What all pages of the lab share: light and dark, from a phone's width up, on paper. */
export const BASE_STYLE = `
:root { color-scheme: light dark; --ink: #2a211c; --paper: #fbf8f4; --card: #fff; --line: #e4dcd3; --soft: #6b5e55; --link: #8a4b12; --good: #2e8b57; --fair: #d9a521; --bad: #c0392b; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #f0e8e0; --paper: #191512; --card: #221c18; --line: #40362f; --soft: #b3a599; --link: #e3a25f; --good: #5fc28d; --fair: #e5bd56; --bad: #e8796c; } }
@media print { :root { color-scheme: light; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0; }
p, ul { margin: .4rem 0; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
small, .note { color: var(--soft); }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child { padding-left: 0; }
.number { text-align: right; }
tbody th { font-weight: 500; }
.works, .degrades, .fails { print-color-adjust: exact; }
.works { background: color-mix(in srgb, var(--good) 24%, transparent); }
.degrades { background: color-mix(in srgb, var(--fair) 32%, transparent); }
.fails { background: color-mix(in srgb, var(--bad) 30%, transparent); }
.works::before { content: "✓ "; }
.degrades::before { content: "◐ "; }
.fails::before { content: "✗ "; }
`;
