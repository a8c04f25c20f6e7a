"""Texts that would be markup, templates or formulas if anything took them for more than text."""

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</div></blockquote><h1>x</h1>",
    "${alert(1)} {{x}} {% x %} `${x}`",
    "$$x$$ \\(x\\) $x$",
    "5*3*2 **b** __u__ ~~x~~ ==m==",
    "**「引用」**です",
    "[a](javascript:alert(1)) ![a](http://tracker.invalid/a.png)",
    "http://tracker.invalid www.tracker.invalid a@b.example #passage-1",
    "  four\n\n    spaces\tand\r\nlines  ",
    "1. one\n- two\n> three\n# four\n---\n| a | b |",
    "&amp; &#60;b&#62; &lt;i&gt; &nbsp",
    "</script><style>*{display:none}</style><!-- -->",
    "<think>x</think> :smile: \\* \x7f",
    "𠮷野家 👩‍👩‍👧 ﷽ é \u202eabc\u202c",
]
