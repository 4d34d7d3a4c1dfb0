/** The style of the report page: light and dark, from a phone's width up. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #2a211c; --paper: #fbf8f4; --card: #fff; --line: #dfd6cc; --soft: #6f6259; --link: #8a4b12;
  --c0: #7b4a24; --c1: #3f7cac; --c2: #8e6bb0; --c3: #c9822b; --c4: #4d9466; --c5: #b05a6c; --c6: #7a8c2e; --c7: #5f7f8c; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0e8e0; --paper: #191512; --card: #241e1a; --line: #40362f; --soft: #b3a599; --link: #e3a25f;
  --c0: #c08457; --c1: #6aa7d6; --c2: #b498d2; --c3: #e3a04d; --c4: #79bf92; --c5: #d98495; --c6: #aebf63; --c7: #8fb0bd; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0; }
p, ul { margin: .4rem 0; }
a { color: var(--link); }
small, .note { color: var(--soft); }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.bar { margin: .5rem 0; }
.bar-label { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-variant-numeric: tabular-nums; }
.bar svg { display: block; width: 100%; height: 1.6rem; background: var(--paper); border-radius: .25rem; }
.range { stroke: var(--ink); stroke-width: 3; vector-effect: non-scaling-stroke; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; color: var(--soft); }
.legend svg { width: .8rem; height: .8rem; margin-right: .35rem; vertical-align: -.05rem; }
.color-0 { fill: var(--c0); } .color-1 { fill: var(--c1); } .color-2 { fill: var(--c2); } .color-3 { fill: var(--c3); }
.color-4 { fill: var(--c4); } .color-5 { fill: var(--c5); } .color-6 { fill: var(--c6); } .color-7 { fill: var(--c7); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); }
`;
