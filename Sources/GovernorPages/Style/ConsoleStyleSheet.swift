/// What the console adds to the one style sheet: a menu, verdicts, meters, timelines, charts and code.
public enum ConsoleStyleSheet {
    public static let text: StaticString = """
        :root{--good-soft:#e2f1e6;--warn-soft:#faedd4;--stop-soft:#fae4e0;--accent-soft:#dcedf0;--shade:#f4f1ec;\
        --gap:1.25rem;--round:.75rem;--mono:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,monospace}
        @media (prefers-color-scheme:dark){:root{--good-soft:#17301f;--warn-soft:#36290f;--stop-soft:#3d1a16;\
        --accent-soft:#15343b;--shade:#1c1a18}}
        body.console{min-height:100vh;display:flex;flex-direction:column}
        body.console main{max-width:none;margin:0;padding:1rem 1rem 4rem;width:100%;min-width:0}
        body.console main:focus{outline:none}
        .page-head{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:flex-end;justify-content:space-between;\
        margin:.25rem 0 1.25rem}
        .page-head h1{margin:0}
        .page-head p{margin:0;flex:1 0 100%;max-width:none}
        .page-head form{margin-inline-start:auto}
        .tile .chip{white-space:normal}
        h1{font-size:1.75rem;letter-spacing:-.015em;font-weight:680}
        h2{font-size:1.12rem;letter-spacing:-.005em}
        .lede{font-size:1.05rem;max-width:62ch}
        .skip{position:absolute;left:-999rem;top:.5rem;background:var(--card);padding:.6rem 1rem;z-index:9;border-radius:.5rem}
        .skip:focus{left:.5rem}
        .sprite{position:absolute;width:0;height:0;overflow:hidden}
        svg.icon{width:1.15em;height:1.15em;flex:none;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;\
        stroke-linejoin:round;vertical-align:-.2em}
        svg.icon.big{width:1.7rem;height:1.7rem;vertical-align:-.45rem}
        svg.icon.huge{width:3.1rem;height:3.1rem;stroke-width:1.7}
        .brand{display:inline-flex;align-items:center;gap:.55rem;font-weight:700;font-size:1.12rem;letter-spacing:-.01em;\
        color:var(--ink);text-decoration:none}
        .brand svg{color:var(--accent)}
        .bar{background:var(--card);border-bottom:1px solid var(--line);padding:.6rem 1rem 0;display:grid;\
        grid-template-columns:1fr auto;gap:.25rem 1rem;align-items:center}
        .bar .menu{grid-column:1/-1;overflow-x:auto;margin-inline:-1rem;padding-inline:1rem}
        .menu ul{display:flex;flex-wrap:nowrap;gap:.15rem}
        .menu a{display:flex;align-items:center;gap:.55rem;padding:.6rem .7rem;min-height:2.75rem;color:var(--soft);\
        text-decoration:none;white-space:nowrap;border-bottom:3px solid transparent;font-weight:550}
        .menu a:hover{color:var(--ink)}
        .menu a[aria-current]{color:var(--accent);border-bottom-color:var(--accent)}
        .who p{margin:0;text-align:end}
        .who .row{justify-content:flex-end}
        .row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
        .row.tight{gap:.35rem}
        .row.spread{justify-content:space-between}
        .stack{display:grid;gap:var(--gap);grid-template-columns:minmax(0,1fr);align-content:start;min-width:0}
        button.link{background:none;border:0;color:var(--accent);text-decoration:underline;padding:.25rem 0;min-height:1.75rem;\
        font-weight:400}
        .lonely{padding:1.5rem 1rem 0;display:flex;justify-content:center}
        body.alone main{max-width:30rem;margin-inline:auto;padding-top:1.5rem;display:grid;gap:1rem;align-content:start}
        body.alone main.broad{max-width:48rem}
        .card{border-radius:var(--round);padding:1.1rem 1.15rem;margin:0}
        .card>:last-child{margin-bottom:0}
        .card>h2:first-child{margin-bottom:.65rem}
        .card.flush{padding:0;overflow:hidden}
        .field{margin:0 0 .9rem}
        .field>label,.field>.label{font-weight:600;margin-bottom:.3rem;display:block}
        .hint{color:var(--soft);font-size:.9rem;margin:.3rem 0 0}
        .fault{color:var(--stop);font-weight:600;margin:.3rem 0 0}
        [aria-invalid=true]{border-color:var(--stop)!important;border-width:2px!important}
        .fields{display:grid;gap:0 1rem;grid-template-columns:repeat(auto-fit,minmax(min(11rem,100%),1fr));align-items:start}
        textarea{line-height:1.45;resize:vertical}
        textarea.code{font-family:var(--mono);font-size:.88rem;min-height:22rem;tab-size:2;white-space:pre;overflow:auto}
        .search{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.5rem;align-items:end}
        .search .field{margin:0}
        .search .more{grid-column:1/-1}
        .notice{padding:.9rem 1.1rem;background:var(--card);border:1px solid var(--line);border-inline-start-width:.35rem;\
        border-radius:var(--round);border-inline-start-color:var(--accent)}
        .notice h2{margin:0 0 .35rem}
        .notice>:last-child{margin-bottom:0}
        .notice.done{border-inline-start-color:var(--good);background:var(--good-soft)}
        .notice.trouble{border-inline-start-color:var(--stop);background:var(--stop-soft)}
        .notice.hold{border-inline-start-color:var(--warn);background:var(--warn-soft)}
        blockquote{margin:.4rem 0 .7rem;padding:.15rem 0 .15rem .9rem;border-inline-start:3px solid currentColor;\
        font-size:1.12rem;line-height:1.45}
        .columns{display:grid;gap:var(--gap);grid-template-columns:minmax(0,1fr)}
        .verdict{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.2rem 1rem;align-items:center;padding:1.15rem}
        .verdict p{margin:0}
        .verdict .answer{font-size:1.5rem;font-weight:700;line-height:1.2;letter-spacing:-.015em}
        .verdict .asked{color:var(--soft)}
        .verdict svg{grid-row:1/span 2}
        .is-yes{background:var(--good-soft);color:var(--good)}
        .is-later{background:var(--warn-soft);color:var(--warn)}
        .is-no{background:var(--stop-soft);color:var(--stop)}
        .is-yes .asked,.is-later .asked,.is-no .asked{color:var(--ink)}
        .inside{padding:1.1rem 1.15rem}
        .inside>:last-child{margin-bottom:0}
        .next{display:grid;gap:.4rem 1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(13rem,100%),1fr));\
        border-top:1px solid var(--line);padding:.85rem 1.15rem;background:var(--shade)}
        .next dt{color:var(--soft);font-size:.88rem}
        .next dd{margin:0;font-weight:640;font-size:1.05rem}
        .next div{min-width:0}
        .reasons{list-style:none;margin:0;padding:0}
        .reasons li{padding:.7rem 0;border-top:1px solid var(--line);display:grid;gap:.15rem}
        .reasons li:first-child{border-top:0;padding-top:0}
        .reasons .says{font-size:1.06rem}
        .reasons .from{color:var(--soft);font-size:.88rem}
        .matrix{border-collapse:separate;border-spacing:.3rem;width:100%;table-layout:fixed}
        .matrix th{border:0;padding:.25rem .1rem;font-size:.84rem;color:var(--soft);font-weight:600;vertical-align:bottom;\
        overflow-wrap:normal;hyphens:auto}
        .matrix tbody th{color:var(--ink);vertical-align:middle;font-size:.9rem}
        .matrix thead td,.matrix thead th:first-child{width:7.4rem}
        .matrix td{border:0;padding:0;height:1px}
        .matrix a{overflow-wrap:normal;display:flex;flex-wrap:wrap;gap:.1rem .35rem;align-items:center;justify-content:flex-start;min-height:2.9rem;height:100%;\
        padding:.3rem;border-radius:.5rem;text-decoration:none;font-weight:640;font-size:.83rem;\
        border:2px solid transparent;line-height:1.15}
        .matrix a:hover{border-color:currentColor}
        .matrix a[aria-current]{border-color:currentColor;box-shadow:inset 0 0 0 1px currentColor}
        .matrix .purpose{display:none}
        .decide{margin-top:.8rem;display:flex;flex-wrap:wrap;gap:.6rem;align-items:end}
        .decide .field{flex:1 1 14rem;margin:0}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;padding:0;margin:.6rem 0 0;font-size:.88rem;\
        color:var(--soft)}
        .legend svg{margin-inline-end:.25rem}
        .legend .y{color:var(--good)}.legend .l{color:var(--warn)}.legend .n{color:var(--stop)}
        .meters{list-style:none;padding:0;margin:0;display:grid;gap:.85rem}
        .meters .row{justify-content:space-between;gap:.1rem 1rem}
        .meters .left{font-weight:640}
        svg.meter{width:100%;height:.75rem;display:block;margin-top:.3rem}
        svg.meter .slot{fill:var(--chip);stroke:var(--soft);stroke-width:1;vector-effect:non-scaling-stroke}
        svg.meter .on{fill:var(--accent);stroke:var(--accent)}
        .times{list-style:none;padding:0;margin:0;display:grid;gap:.35rem}
        .times li{display:flex;gap:.35rem .8rem;align-items:baseline;flex-wrap:wrap}
        .times strong{font-size:1.25rem;font-variant-numeric:tabular-nums}
        .reasons-more>summary{cursor:pointer;color:var(--accent);padding:.5rem 0;width:fit-content}
        .reasons-more .reasons{border-top:1px solid var(--line);padding-top:.7rem}
        .timeline{list-style:none;margin:0;padding:0}
        .timeline li{display:grid;grid-template-columns:2.1rem minmax(0,1fr);gap:0 .75rem;padding-bottom:1rem;position:relative}
        .timeline li::before{content:"";position:absolute;inset-inline-start:1rem;top:2.1rem;bottom:0;width:2px;\
        background:var(--line)}
        .timeline li:last-child::before{display:none}
        .timeline .dot{width:2.1rem;height:2.1rem;border-radius:50%;display:grid;place-items:center;background:var(--chip);\
        color:var(--ink)}
        .timeline .dot.said{background:var(--stop-soft);color:var(--stop)}
        .timeline .dot.gave{background:var(--good-soft);color:var(--good)}
        .timeline .what{font-weight:600}
        .timeline .when{color:var(--soft);font-size:.9rem}
        .timeline p{margin:0}
        .acts details{border:1px solid var(--line);border-radius:.6rem;background:var(--card);margin:0 0 .5rem}
        .acts summary{cursor:pointer;padding:.65rem .9rem;font-weight:620;min-height:2.75rem;display:flex;align-items:center;\
        gap:.55rem;list-style:none}
        .acts summary::-webkit-details-marker{display:none}
        .acts summary::after{content:"+";margin-inline-start:auto;font-size:1.25rem;color:var(--soft);line-height:1}
        .acts details[open]>summary::after{content:"−"}
        .acts details[open]>summary{border-bottom:1px solid var(--line)}
        .acts .inside{padding:.9rem}
        .acts .main-act{border-color:var(--stop)}
        .acts .main-act>summary{color:var(--stop)}
        details.numbers{margin-top:.75rem}
        details.numbers>summary{cursor:pointer;color:var(--accent);padding:.35rem 0;width:fit-content}
        .facts{display:grid;gap:.1rem 1.5rem;grid-template-columns:repeat(auto-fit,minmax(min(12rem,100%),1fr));margin:0}
        .facts>div{padding:.25rem 0}
        .facts dt{color:var(--soft);font-size:.88rem}
        .facts dd{margin:0;font-weight:560}
        .tiles{display:grid;gap:var(--gap);grid-template-columns:repeat(auto-fit,minmax(min(11rem,100%),1fr))}
        .tile .value{font-size:1.9rem;font-weight:700;letter-spacing:-.02em;line-height:1.15;margin:0;\
        font-variant-numeric:tabular-nums}
        .tile .label{color:var(--soft);margin:0 0 .2rem;font-size:.92rem}
        .tile .small{margin:.15rem 0 0}
        .chart{width:100%;height:auto;display:block;overflow:visible}
        .chart text{fill:var(--soft);font-size:11px}
        .chart .grid{stroke:var(--line);stroke-width:1;vector-effect:non-scaling-stroke}
        .chart .allow{fill:var(--good)}
        .chart .deny{fill:var(--stop)}
        .chart .stripe{stroke:var(--card);stroke-width:2.2}
        .chart .heat{fill:var(--accent)}
        .chart .cell{fill:var(--chip)}
        .bars{list-style:none;margin:0;padding:0;display:grid;gap:.55rem}
        .bars .row{justify-content:space-between;gap:0 1rem;flex-wrap:nowrap}
        .bars .row>:last-child{white-space:nowrap;font-variant-numeric:tabular-nums}
        svg.barline{width:100%;height:.5rem;display:block;margin-top:.15rem}
        svg.barline .rail{fill:var(--chip)}
        svg.barline .part{fill:var(--accent)}
        svg.barline .stop{fill:var(--stop)}
        .key{display:inline-flex;gap:.4rem;align-items:center}
        .key svg{width:.9rem;height:.9rem}
        .chip{display:inline-flex;align-items:center;gap:.35rem;white-space:nowrap}
        .chip.is-yes,.chip.is-no,.chip.is-later{font-weight:620}
        .mono,code,pre{font-family:var(--mono);font-size:.9em}
        code{background:var(--chip);border-radius:.3rem;padding:.05em .35em;overflow-wrap:anywhere}
        pre{margin:0;overflow-x:auto;line-height:1.5}
        pre code{background:none;padding:0}
        .source{border-collapse:collapse;width:100%;font-family:var(--mono);font-size:.84rem;line-height:1.5}
        .source td{border:0;padding:0 .75rem;white-space:pre;vertical-align:top}
        .source td:first-child{text-align:end;color:var(--soft);user-select:none;background:var(--shade);width:1%;\
        border-inline-end:1px solid var(--line)}
        .source tr:target td{background:var(--warn-soft)}
        .source .comment{color:var(--soft)}
        .prose{display:grid;gap:.9rem}
        .rule{border:1px solid var(--line);border-radius:.6rem;padding:.8rem .9rem;background:var(--card)}
        .rule h3{margin:0 0 .3rem;display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline}
        .rule p{margin:0 0 .35rem}
        .rule p:last-child{margin:0}
        .split{display:grid;gap:var(--gap);grid-template-columns:minmax(0,1fr)}
        .empty{text-align:center;padding:2.2rem 1.2rem;color:var(--soft)}
        .empty svg{width:2.6rem;height:2.6rem;stroke-width:1.5;display:block;margin:0 auto .6rem}
        .empty h2{color:var(--ink)}
        .finding{padding:.65rem 0;border-top:1px solid var(--line)}
        .finding:first-child{border-top:0;padding-top:0}
        .finding p{margin:0}
        .live{display:inline-flex;gap:.4rem;align-items:center;color:var(--soft);font-size:.9rem}
        .live::before{content:"";width:.6rem;height:.6rem;border-radius:50%;background:var(--good)}
        .live[hidden]{display:none}
        .scroll{max-width:100%}
        .scroll:focus-visible{outline-offset:-3px}
        .source-scroll{max-height:38rem;overflow:auto}
        td.n,th.n{text-align:end;white-space:nowrap}
        th[scope=row]{font-weight:560}
        body.console th,body.console td{overflow-wrap:break-word}
        .row.tight select{width:auto}
        .matrix thead th{font-size:.78rem;letter-spacing:-.01em}
        dialog{border:1px solid var(--line);border-radius:var(--round);background:var(--card);color:var(--ink);padding:1.4rem;\
        max-width:26rem;width:calc(100% - 2rem)}
        dialog::backdrop{background:rgba(0,0,0,.45)}
        .keys{display:grid;grid-template-columns:auto 1fr;gap:.5rem 1rem;align-items:center}
        .keys dd{margin:0}
        kbd{font:600 .85rem/1 var(--mono);border:1px solid var(--soft);border-bottom-width:2px;border-radius:.35rem;\
        padding:.25rem .45rem;background:var(--shade)}
        [aria-busy=true]{opacity:.65}
        @media (max-width:39.99rem){
        .matrix,.matrix tbody,.matrix tr{display:block}
        .matrix thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .matrix tr{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.35rem;margin-bottom:.9rem}
        .matrix tbody th{grid-column:1/-1;padding:0}
        .matrix td{height:auto}
        .matrix .purpose{display:block;flex-basis:100%;color:var(--ink);font-weight:500;font-size:.84rem}
        .verdict .answer{font-size:1.25rem}
        svg.icon.huge{width:2.4rem;height:2.4rem}
        .bar .who .small{font-size:.85rem}
        table.folds thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        table.folds,table.folds tbody,table.folds tr,table.folds td,table.folds th{display:block;border:0;padding:.1rem 0;\
        text-align:start}
        table.folds tr{border-top:1px solid var(--line);padding:.7rem 0}
        table.folds td[data-label]::before{content:attr(data-label) ": ";color:var(--soft);font-size:.88rem}
        }
        @media (min-width:62rem){
        body.console:not(.alone){display:grid;grid-template-columns:15rem minmax(0,1fr);grid-template-rows:auto}
        .bar{position:sticky;top:0;height:100vh;border-bottom:0;border-inline-end:1px solid var(--line);padding:1.3rem .9rem;\
        display:flex;flex-direction:column;align-items:stretch;gap:1.4rem;overflow-y:auto}
        .bar .brand{padding-inline:.6rem}
        .bar .menu{margin:0;padding:0;flex:1}
        .menu ul{flex-direction:column}
        .menu a{border-bottom:0;border-radius:.55rem;padding:.5rem .65rem}
        .menu a:hover{background:var(--shade)}
        .menu a[aria-current]{background:var(--accent-soft);border-bottom:0}
        .who p{text-align:start}
        .who{padding-inline:.6rem}
        .who .row{justify-content:flex-start}
        body.console main{padding:1.6rem 2rem 4rem;max-width:96rem}
        body.alone main{max-width:30rem;padding-inline:1rem}
        .columns.side{grid-template-columns:minmax(0,1fr) 22rem;align-items:start}
        .columns.two{grid-template-columns:repeat(2,minmax(0,1fr));align-items:start}
        .split{grid-template-columns:minmax(0,1.1fr) minmax(0,1fr);align-items:start}
        .split>.card.flush{position:sticky;top:1rem}
        .source-scroll{max-height:calc(100vh - 11rem)}
        }
        @media (min-width:110rem){html{font-size:112.5%}body.console main{max-width:112rem}\
        .columns.side{grid-template-columns:minmax(0,1fr) 26rem}}
        @media (prefers-reduced-motion:no-preference){.menu a,.matrix a{transition:background-color .12s,border-color .12s}\
        [data-live] .chart rect{transition:none}}
        @media (forced-colors:active){.is-yes,.is-later,.is-no{border:2px solid}.menu a[aria-current]{outline:2px solid}}
        @media print{.bar,.acts,.search{display:none}body.console{display:block!important}}
        """
}
