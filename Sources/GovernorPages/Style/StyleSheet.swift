/// The one style sheet of every page: mobile first, light and dark, no font and no image from anywhere.
///
/// Colours have a contrast of at least 4.5 to 1 against what they stand on, in both schemes; what can be tapped is at least
/// 44 pixels high. Source: WCAG 2.2, 1.4.3 and 2.5.5.
public enum StyleSheet {
    public static let text: StaticString = """
        :root{color-scheme:light dark;--paper:#fbfaf8;--card:#ffffff;--ink:#1d1b18;--soft:#5a554d;--line:#d9d4cb;\
        --accent:#0b5c6b;--on-accent:#ffffff;--stop:#a3271d;--on-stop:#ffffff;--good:#1e6b3a;--warn:#8a5300;\
        --focus:#b4530a;--chip:#efebe4}
        @media (prefers-color-scheme:dark){:root{--paper:#171614;--card:#211f1c;--ink:#f1ede6;--soft:#b8b1a6;\
        --line:#45403a;--accent:#7cc9d6;--on-accent:#08282e;--stop:#ff9d90;--on-stop:#3a0a05;--good:#86d6a2;\
        --warn:#f0b85c;--focus:#ffb26b;--chip:#322f2a}}
        *,*::before,*::after{box-sizing:border-box}
        html{font:100%/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
        main,header.page,footer.page{max-width:44rem;margin-inline:auto;padding-inline:1rem}
        body.wide main,body.wide header.page,body.wide footer.page{max-width:80rem}
        main{padding-block:1.25rem 3rem}
        h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0 .75rem}
        h2{font-size:1.2rem;line-height:1.3;margin:0 0 .5rem}
        h3{font-size:1rem;margin:1rem 0 .25rem}
        p,ul,ol,dl{margin:0 0 .9rem}
        ul,ol{padding-inline-start:1.25rem}
        a{color:var(--accent)}
        .soft{color:var(--soft)}
        .small{font-size:.9rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem;margin:0 0 1rem}
        .chip{display:inline-block;background:var(--chip);border-radius:1rem;padding:.1rem .65rem;font-size:.9rem}
        .yes{color:var(--good);font-weight:600}
        .no{color:var(--stop);font-weight:600}
        .notice{border-inline-start:.35rem solid var(--accent)}
        .notice.done{border-inline-start-color:var(--good)}
        .notice.trouble{border-inline-start-color:var(--stop)}
        ul.plain{list-style:none;padding:0}
        ul.plain>li{padding:.5rem 0;border-top:1px solid var(--line)}
        ul.plain>li:first-child{border-top:0}
        form{margin:0}
        fieldset{border:0;padding:0;margin:0 0 1rem;min-width:0}
        legend{font-weight:600;padding:0;margin-bottom:.35rem}
        label{display:block}
        label.choice{display:flex;gap:.75rem;align-items:center;min-height:2.75rem;padding:.35rem .25rem}
        input[type=checkbox],input[type=radio]{width:1.35rem;height:1.35rem;flex:none;accent-color:var(--accent);margin:0}
        input:not([type=checkbox]):not([type=radio]),select,textarea{font:inherit;color:inherit;background:var(--card);\
        border:1px solid var(--soft);border-radius:.5rem;padding:.55rem .7rem;min-height:2.75rem;width:100%;max-width:100%}
        button,.button{font:inherit;font-weight:600;display:inline-block;min-height:2.75rem;padding:.55rem 1.15rem;\
        border-radius:.6rem;border:1px solid transparent;background:var(--accent);color:var(--on-accent);cursor:pointer;\
        text-decoration:none}
        button.stop,.button.stop{background:var(--stop);color:var(--on-stop)}
        button.quiet,.button.quiet{background:transparent;color:var(--accent);border-color:var(--accent)}
        button.broad{width:100%}
        :focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:.25rem}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{text-align:start;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
        th{font-weight:600}
        caption{text-align:start;color:var(--soft);padding-bottom:.35rem}
        dl.pairs{display:grid;grid-template-columns:minmax(0,1fr);gap:.15rem}
        dl.pairs dt{color:var(--soft)}
        dl.pairs dd{margin:0 0 .5rem}
        nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:0}
        nav a{display:inline-block;padding:.6rem 0}
        .grid{display:grid;gap:1rem}
        .hidden-visually{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        @media (min-width:40rem){dl.pairs{grid-template-columns:14rem minmax(0,1fr);gap:.4rem 1rem}\
        dl.pairs dd{margin:0}.grid.two{grid-template-columns:repeat(2,minmax(0,1fr))}\
        .grid.three{grid-template-columns:repeat(3,minmax(0,1fr))}button.broad{width:auto}}
        @media (prefers-reduced-motion:no-preference){button,.button{transition:filter .12s}button:hover,\
        .button:hover{filter:brightness(1.08)}}
        @media print{body{background:#fff;color:#000}form,nav{display:none}.card{border-color:#999}}
        """
}
