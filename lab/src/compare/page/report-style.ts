/** Beside the style that all pages share. One accent for each brew, which people who see few colours tell apart, too; everything else is ink and grey. */
export const REPORT_STYLE = `
:root { --brew-0: #a8480c; --brew-1: #1d66a8; --brew-2: #0b7a68; --brew-3: #7a3e9d; --on-brew: #fff; }
@media screen and (prefers-color-scheme: dark) { :root { --brew-0: #ef9a56; --brew-1: #6db3ee; --brew-2: #4fc4ae; --brew-3: #c294e0; --on-brew: #191512; } }
.brew-0 { --brew: var(--brew-0); } .brew-1 { --brew: var(--brew-1); } .brew-2 { --brew: var(--brew-2); } .brew-3 { --brew: var(--brew-3); } .brew-none { --brew: var(--soft); }
.accent { color: var(--brew); font-weight: 600; }
header { padding: 0 1rem; }
.partial, .warning { border-left: .3rem solid var(--fair); padding: .4rem .8rem; background: color-mix(in srgb, var(--fair) 14%, transparent); }
.key { list-style: none; padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0 1rem; font-size: .9rem; }
h4 { font-size: .9rem; margin: .8rem 0 .2rem; }
section > p, section > ul { max-width: 52rem; }

.headline { list-style: none; padding: 0; margin: 1rem 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: .75rem 1.5rem; max-width: none; }
.headline li { border-left: .25rem solid var(--brew); padding-left: .75rem; }
.headline strong { display: block; font-size: 1.7rem; line-height: 1.15; font-variant-numeric: tabular-nums; color: var(--brew); }

.forest { list-style: none; padding: 0; max-width: none; }
.forest li { display: grid; grid-template-columns: 15rem 1fr 17rem; gap: 0 1rem; align-items: center; }
.forest li > span { padding: .2rem 0; }
.forest li + li:not(:nth-child(2)) { border-top: 1px solid var(--line); }
.forest-value { font-variant-numeric: tabular-nums; text-align: right; line-height: 1.3; }
.strip { display: block; overflow: visible; height: 1.4rem; min-height: 100%; }
.strip text { font-size: 12px; fill: var(--soft); }
.noise { fill: var(--line); opacity: .6; }
.one { stroke: var(--soft); stroke-width: 1; }
.interval { stroke: var(--brew); stroke-width: 2.5; }
.dot { fill: var(--brew); }
@media screen and (max-width: 44rem) { .forest li { grid-template-columns: 1fr; } .forest-value { text-align: left; } .forest-scale span { display: none; } }

.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: .75rem 1.25rem; margin: .5rem 0; }
.chart { margin: 0; max-width: 26rem; break-inside: avoid; }
.chart figcaption { font-weight: 600; font-size: .9rem; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.chart text { font-size: 12px; }
.grid line { stroke: var(--line); }
.ticks text { fill: var(--soft); font-variant-numeric: tabular-nums; }
.ticks line { stroke: var(--soft); }
.line path { fill: none; stroke: var(--brew); stroke-width: 1.75; stroke-linejoin: round; }
.line .points { fill: var(--brew); stroke: var(--card); stroke-width: .75; }
.line.dashed path:first-child { stroke-dasharray: 4 3; stroke-width: 1.25; }
.line.dashed .points { fill: var(--card); stroke: var(--brew); stroke-width: 1; }
.line.only-points path:first-child { stroke: none; }
.mark { stroke: var(--brew); stroke-dasharray: 2 3; }
.objective { --brew: var(--soft); }
.label { fill: var(--brew); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
.label.objective { font-weight: 400; }
section > .knees { list-style: none; padding: 0; max-width: none; }

.bar { margin: .6rem 0; break-inside: avoid; }
.bar-label { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.bar-value { font-variant-numeric: tabular-nums; }
.bar > svg { display: block; background: var(--paper); }
.bar rect { stroke: var(--card); stroke-width: 1; }
.bar text { font-size: 12px; }
rect.process { fill: var(--brew); } rect.backend { fill: color-mix(in srgb, var(--soft) 55%, var(--card)); }
rect.process.shade-1 { fill: color-mix(in srgb, var(--brew) 80%, var(--card)); } rect.process.shade-2 { fill: color-mix(in srgb, var(--brew) 58%, var(--card)); } rect.process.shade-3 { fill: color-mix(in srgb, var(--brew) 40%, var(--card)); }
rect.backend.shade-1 { fill: color-mix(in srgb, var(--soft) 42%, var(--card)); } rect.backend.shade-2 { fill: color-mix(in srgb, var(--soft) 30%, var(--card)); } rect.backend.shade-3 { fill: color-mix(in srgb, var(--soft) 20%, var(--card)); }
text.process { fill: var(--on-brew); } text.process.shade-2, text.process.shade-3, text.backend { fill: var(--ink); }
.range { stroke: var(--ink); stroke-width: 2; }
.parts { color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; margin: .1rem 0 0; }

.matrix td { min-width: 6.5rem; border: 1px solid var(--card); }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--link); }
.scroll .number { white-space: nowrap; }
.scroll .text, .scroll tbody th { min-width: 7rem; }
@media screen and (max-width: 40rem) { body { padding: .5rem; } section { padding: .75rem; } header, nav ul { padding: 0 .25rem; } }
@media print {
  :root { font-size: 9.5pt; }
  body { max-width: none; padding: 0; background: none; }
  nav { display: none; }
  header { padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: .5rem 0; }
  h2, h3, h4, summary { break-after: avoid; }
  tr, li { break-inside: avoid; }
  svg { print-color-adjust: exact; }
  .bar > svg { background: none; }
  .forest li { grid-template-columns: 13rem 1fr 15rem; }
  .charts { grid-template-columns: repeat(3, 1fr); }
  .scroll { overflow: visible; }
  .scroll table { font-size: 7.5pt; }
  .scroll .number { white-space: normal; }
  .scroll .text, .scroll tbody th { min-width: 0; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
