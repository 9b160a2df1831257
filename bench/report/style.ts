/** The page's style, for light and dark screens. */
export const style = `
:root { color-scheme: light dark; --page: light-dark(#f6f7f9, #14171c); --card: light-dark(#fff, #1c2027); --line: light-dark(#dfe3e8, #323944);
  --ink: light-dark(#1b2129, #e8ebef); --faint: light-dark(#5d6875, #9aa5b3); --ours: light-dark(#1f6fd1, #62a4f5); --also: light-dark(#9cc3f0, #38618f);
  --peer: light-dark(#a9b2bd, #5b6673); --direct: light-dark(#dde2e8, #363e49); --good: light-dark(#1c7a43, #6fd198); --goodback: light-dark(#e2f4e9, #17331f);
  --bad: light-dark(#b0301f, #f5978a); --badback: light-dark(#fceae7, #401f1a); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1480px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 4px; } h3 { font-size: 14px; margin: 0; font-weight: 600; }
p { margin: 0 0 12px; color: var(--faint); max-width: 100ch; }
code, small { font-size: 12px; color: var(--faint); } code { font-family: ui-monospace, monospace; }
.warning { color: var(--bad); font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr)); gap: 14px; }
.card { margin: 0; padding: 14px 16px 10px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 10px; justify-content: space-between; align-items: baseline; margin-bottom: 8px; }
svg { display: block; width: 100%; height: auto; font-size: 12px; }
svg text { fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 3px; } svg .label { text-anchor: end; } svg .faint { fill: var(--faint); } svg .strong { font-weight: 600; }
.ours rect { fill: var(--ours); } .also rect { fill: var(--also); } .peer rect { fill: var(--peer); } .direct rect { fill: var(--direct); }
.ours .label { font-weight: 700; } .range { stroke: var(--ink); stroke-width: 1; fill: none; opacity: .65; }
.reference { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; opacity: .7; }
.invalid { color: var(--bad); font-size: 12px; margin: 6px 0 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line); font-size: 14px; }
th, td { text-align: left; padding: 6px 12px; border-bottom: 1px solid var(--line); } th { font-weight: 500; } thead th { color: var(--faint); }
.targets td { white-space: nowrap; font-variant-numeric: tabular-nums; }
.chip { display: inline-block; padding: 1px 8px; border-radius: 10px; } .chip small { color: inherit; opacity: .75; margin-left: 4px; }
.reached { color: var(--good); background: var(--goodback); } .missed { color: var(--bad); background: var(--badback); } .unknown { color: var(--faint); }
details { margin-top: 16px; } summary { cursor: pointer; }
`;
