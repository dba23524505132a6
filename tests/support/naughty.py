"""Strings that break careless programs, by what they break; each written for this project.

They go into every field of every kind and into every parameter of every route: nothing may answer 500, run, or
come out of its quotes.
"""

from __future__ import annotations

# One string a line would make four hundred lines of them.
# fmt: off
CATEGORIES: dict[str, list[str]] = {
    "empty": [
        "", " ", "\x09", "\x0a", "\x0d\x0a", "\u3000", "\xa0", "\u200b", "\ufeff",
        "\u3000 \x09\u3000", "\u2028", "\u2029", "''", '""',
    ],
    "nulls": [
        "null", "NULL", "None", "undefined", "nan", "NaN", "Infinity", "-Infinity", "true", "False",
        "[]", "{}", "-", "--", "无", "空",
    ],
    "numbers": [
        "0", "-0", "1", "-1", "+1", "00", "007", "1e309", "-1e309", "1E-400", "0x7f", "0b101",
        "1_000", "1,000,000", "1.000.000", "999999999999999999999999999999", "9223372036854775808",
        "-9223372036854775809", "18446744073709551616", "0.1000000000000000055511151231257827",
        "１２３", "①②③", "\u0663\u0664\u0665", "½", "²", "三千", "壹佰万元整", "1.2.3", "1/0", "%d%s%n",
    ],
    "dates": [
        "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2025-02-29",
        "1900-02-29", "2026-13-01", "2026-1-1T25:61:61Z", "2026年十三月", "45000.999999", "31/12/2026",
        "26-1-1", "长期", "明天",
    ],
    "codes": [
        "91990101XN0000000", "91990101XN000000000000", "９１９９０１０１ＸＮ", "91990101xn",
        "9199 0101 XN00 0000", "IIIIIIIIIIIIIIIIII", "000000000000000000", "99010119900101123X",
        "99010119900101123x", "ZZZZZZZZ-Z", "91-99-0101", "\u200b91990101\u200b",
    ],
    "markup": [
        "<b>粗</b>", "<script>alert(1)</script>", "<ScRiPt >x=1</sCrIpT>",
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</title><script>1</script>",
        "</textarea><h1>二</h1>", "<!--", "-->", "<![CDATA[x]]>", "]]>", "<?php echo 1 ?>",
        "<%= 7*7 %>", "&lt;b&gt;", "&#60;", "&#x3c;", "&amp;amp;", "&nbsp",
        '" autofocus onfocus="x', "' onmouseover='x", "javascript:alert(1)", "data:text/html,<b>",
        "<a href=//invalid>a</a>", "<base href=x>", "<meta http-equiv=refresh content=0>",
        "<style>*{}</style>", "<table><td>", "<input value='", "<p><p><p>", "<mark>",
        "</mark></mark>",
    ],
    "templates": [
        "{{ 7*7 }}", "{% for x in y %}", "{{config}}", "${7*7}", "#{7*7}", "{0}", "{name}", "{",
        "}", "%(x)s", "%s%s%s", "$$", "\\1", "{subject_name}",
    ],
    "databases": [
        "'", '"', ";", "/*", "*/", "' OR '1'='1", "'; DROP TABLE record; --", '" OR ""="',
        "1) UNION SELECT 1--", "x' AND 1=0", "%", "_", "\\", "%%", "a%' ESCAPE '", "\\'", "`x`",
        "$1", ":name", "?", "@@version", "sqlite_master", "NULL; --",
    ],
    "queries": [
        "*", "~", "a~2", "a*", "*a*", "name:x", "code:*", "_exists_:id", "a AND b", "a OR", "NOT",
        "(", ")", "((((", "a^9", '"a b', "[a TO z]", "{a TO z}", "+a -b", "+", "&&", "||", "!",
        "/.*/", "/(a+)+$/", "a/b", "NEAR(a b)", '{"match_all":{}}', "IN [1 2]", "key:licence",
    ],
    "shells": [
        "$(id)", "`id`", "| cat", "; ls", "&& true", "> x", "< x", "$HOME", "%PATH%",
        "\\\\host\\share", "-rf", "--help", "@file", "!!",
    ],
    "paths": [
        "../../x", "..\\..\\x", "/etc/x", "//x", "x/../y", "./.", "C:\\x", "file:///x", "CON",
        "NUL", ".", "..", "a\x00b", "%2e%2e%2f", "%00", "%zz",
    ],
    "formulas": [
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("x")', "\x09=1", "\x0d=1", "＝1+1", "＋1",
        "－1", "＠x", "=cmd|' /C x'!A0", "'=1",
    ],
    "lines": [
        "a\x0ab", "a\x0d\x0ab", "a\x0db", "a\x0bb", "a\x0cb", "a\x85b", "\x0d\x0aSet-Cookie: a=b",
        "\x0d\x0a\x0d\x0a<b>", "\x1b[31m红\x1b[0m", "\x07", "\x08", "\x7f", "\x01\x02",
    ],
    "unicode": [
        "�", "\ufffe", "😀", "👨\u200d👩\u200d👧\u200d👦", "🇨🇳", "é", "e\u0301", "ﬁ", "ＡＢＣ", "ⅻ", "㍿",
        "㊣", "℡", "Ω", "K", "ß", "İ", "ı", "ſ", "\u202eabc", "\u202d", "\u2066x\u2069", "\u200d",
        "\xad", "Z\u0334\u0322\u031ba\u0335l\u0337g\u0338o\u0336", "丽", "𬭎", "䶮", "𠀀", "\U0010ffff",
        "\ue000", "\u0e49" * 20, "\u0623\u0647\u0644\u0627", "\u05e9\u05dc\u05d5\u05dd", "हिन्दी",
        "ไทย", "한국", "日本", "ℌ𝔢𝔩", "ʇxǝʇ", "﷽", "\u2063", "國家企業", "臺灣", "髮發", "〇", "“”‘’", "【】〔〕",
        "……——",
    ],
    "long": [
        "公" * 199, "公" * 200, "公" * 201, "a" * 5000, "有限公司" * 500, "a " * 9, "字 " * 100, "(" * 300,
        '"' * 300, "\u0301" * 500, "<" * 1000,
    ],
}
# fmt: on
ALL = [text for texts in CATEGORIES.values() for text in texts]
