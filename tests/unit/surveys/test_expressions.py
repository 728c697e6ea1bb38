"""Expressions give what ODK's documents promise, and what XPath 1.0 gives where they are silent."""

import math
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from elementpath import XPath1Parser, XPathContext
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.surveys.values import EPOCH, text
from domain.surveys.xpath import ExpressionError, Instance, parse
from tests.unit.surveys.sheets import TODAY

VILLAGES = ET.fromstring(
    "<instance><root>"
    "<item><name>a</name><label>甲村</label><people>30</people></item>"
    "<item><name>b</name><label>乙村</label><people>5</people></item>"
    "</root></instance>"
)


@pytest.fixture
def instance() -> Instance:
    filled = Instance(
        ["/data/age", "/data/none", "/data/home/since", "/data/home/pets", "/data/home/at", "/data/village"],
        TODAY,
        lambda name, path: f"{name} of {path}",
        {"villages": VILLAGES},
    )
    for path, value in {
        "/data/age": "17",
        "/data/home/since": "2026-11-20",
        "/data/home/pets": "dog cat hen",
        "/data/home/at": "08:30",
        "/data/village": "b",
    }.items():
        filled[path] = value
    return filled


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # https://docs.getodk.org/form-operators-functions/
        ("selected(/data/home/pets, 'cat')", True),
        ("selected(/data/home/pets, 'ca')", False),
        ("selected(/data/none, 'cat')", False),
        ("selected(/data/none, '')", True),
        ("selected(/data/home/pets, '')", False),
        ("selected-at(/data/home/pets, 0)", "dog"),
        ("selected-at(/data/home/pets, 3)", ""),
        ("selected-at(/data/home/pets, -1)", ""),
        ("count-selected(/data/home/pets)", 3.0),
        ("count-selected(/data/none)", 0.0),
        ("jr:choice-name(/data/village, ' /data/village ')", "b of /data/village"),
        ("if(/data/age >= 18, 'grown', 'child')", "child"),
        ("coalesce(/data/none, /data/age)", "17"),
        ("coalesce('', '')", ""),
        ("once(3)", "17"),  # what stands there stays
        ("regex(/data/age, '[0-9]{2}')", True),
        ("regex(/data/age, '[0-9]')", False),  # the whole value has to match
        (r"regex('１７', '\d+')", False),  # digits are 0 to 9, as in Java
        ("concat('a', 1, true())", "a1true"),
        ("join('、', instance('villages')/root/item/label)", "甲村、乙村"),
        ("string-length('开门纳谏')", 4.0),
        ("substr('开门纳谏', 2)", "纳谏"),
        ("substr('开门纳谏', 0, 2)", "开门"),
        ("substr('开门纳谏', -1)", "谏"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),  # XPath's own example
        ("substring('12345', 0, 3)", "12"),
        ("substring-before('1999/04/01', '/')", "1999"),
        ("substring-after('1999/04/01', '/')", "04/01"),
        ("substring-after('1999', '/')", ""),
        ("contains('abc', 'b')", True),
        ("starts-with('abc', 'b')", False),
        ("ends-with('abc', 'c')", True),
        ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
        ("normalize-space('  a  b ')", "a b"),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(1.255, 2)", 1.26),
        ("round(1234, -2)", 1200.0),
        ("int(-3.7)", -3.0),
        ("int('39.9')", 39.0),
        ("pow(2, 10)", 1024.0),
        ("pow(-1, 0.5)", math.nan),
        ("sqrt(-1)", math.nan),
        ("abs(-3)", 3.0),
        ("log10(1000)", 3.0),
        ("atan2(0, 1)", 0.0),
        ("7 mod 3", 1.0),
        ("-7 mod 3", -1.0),
        ("1 div 0", math.inf),
        ("0 div 0", math.nan),
        ("/data/age + 1", 18.0),
        ("/data/none + 1", math.nan),
        ("-/data/age", -17.0),
        ("number('abc')", math.nan),
        ("boolean-from-string('1')", True),
        ("boolean-from-string('yes')", False),
        ("not(/data/none)", True),
        ("/data/none = ''", True),
        ("true() and /data/age", True),
        ("/data/none or false()", False),
        ("checklist(2, 3, true(), true(), false())", True),
        ("checklist(-1, 1, true(), true())", False),
        ("weighted-checklist(5, -1, true(), 3, true(), 2)", True),
        ("count(/data/home/*)", 3.0),
        ("count-non-empty(/data/*)", 3.0),
        ("sum(instance('villages')/root/item/people)", 35.0),
        ("min(instance('villages')/root/item/people)", 5.0),
        ("max(1, 3, 2)", 3.0),
        ("max(/data/none)", math.nan),
        ("max(2, /data/none)", math.nan),
        ("min('b', 2)", math.nan),
        ("sum(/data/age, /data/none)", math.nan),
        ("instance('villages')/root/item[name = /data/village]/label", "乙村"),
        ("instance('villages')/root/item[name = current()/../village]/people + 1", 6.0),
        ("../home/since", "2026-11-20"),
        (". > 16 and . < 18", True),
        # dates
        ("today()", "2026-11-24"),
        ("today() - /data/home/since", 4.0),
        ("/data/home/since < today()", True),
        ("/data/home/since = '2026-11-20'", True),
        ("date('2026-11-25') > today()", True),
        ("date(today() + 7)", "2026-12-01"),
        ("date(0)", "1970-01-01"),
        ("date('rubbish')", ""),
        ("format-date(today(), '%Y年%n月%e日，%a')", "2026年11月24日，周二"),
        ("format-date(/data/none, '%Y')", ""),
        ("format-date-time('2026-11-24T08:05:09', '%H:%M:%S %y%m%d %h %%')", "08:05:09 261124 8 %"),
        ("decimal-date-time('1970-01-02T12:00:00')", 1.5),
        ("decimal-time('06:00')", 0.25),
        ("/data/home/at > '08:00'", True),
        ("now()", "2026-11-24T00:00:00.000+08:00"),
    ],
)  # fmt: skip
def test_what_an_expression_gives(instance: Instance, expression: str, value: object) -> None:
    parse(expression)
    given = instance.evaluate(expression, "/data/age")
    if isinstance(value, float) and math.isnan(value):
        assert isinstance(given, float)
        assert math.isnan(given)
    else:
        assert given == pytest.approx(value) if isinstance(value, float) else given == value
        assert type(given) is type(value)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("pulldata('fruits', 'name', 'key', 'x')", "没有函数 pulldata"),
        ("random()", "没有函数 random"),
        ("uuid()", "没有函数 uuid"),
        ("indexed-repeat(/data/age, /data/home, 1)", "没有函数 indexed-repeat"),
        ("selected('a')", "参数个数不对"),
        ("if(1, 2)", "参数个数不对"),
        ("(1 + 2", "读不懂"),
        ("1 = 1 = 1", "读不懂"),
        ("x y", "读不懂"),
        ("jr:itext('x')", "没有函数"),
        ("regex(., /data/age)", "写在引号里"),
        ("regex(., '(a+)+')", "没有尽头"),
        ("regex(., '(a|aa)*b')", "没有尽头"),
        ("regex(., '((a{2,})b*)+')", "没有尽头"),
        (r"regex(., '(a)\1')", "没有尽头"),
        ("regex(., '(a+){9}')", "没有尽头"),
        ("regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+')", "没有尽头"),
        ("regex(., '(a?a)+')", "没有尽头"),
        ("regex(., '([0-9]{1,3})+')", "没有尽头"),
        ("regex(., 'a*b*c*d*')", "没有尽头"),
        ("regex(., '(a{0,99}){9}')", "没有尽头"),
        ("regex(., '[')", "写错了"),
        ("not(" * 100 + "1" + ")" * 100, "一层"),
        ("(" * 900 + "1" + ")" * 900, "算式"),
        (" + ".join("1" * 400), "一层"),
        ("1" * 3000, "太长"),
    ],
)  # fmt: skip
def test_what_cannot_be_evaluated_is_refused_when_the_form_comes_in(expression: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        parse(expression)


@pytest.mark.parametrize(
    "pattern",
    [
        "[0-9]{11}",
        "(19|20)[0-9]{2}",
        r"[^\s@]+@[^\s@]+\.[a-z]{2,6}",
        "1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}",
        r"([0-9]{1,3}\.){3}[0-9]{1,3}",
        "(?:ab)+",
        r"\(*[()+*]+",
        "[\u4e00-\u9fa5]{2,20}",
    ],
)  # fmt: skip
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    parse(f"regex(., '{pattern}')")


numbers = st.integers(-9, 9).map(lambda one: f"({one})") | st.sampled_from(["0.5", "2.25", "10"])
strings = st.sampled_from(["'a'", "'ab'", "'b a'", "''", "'中文'"])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda parts: f"({' '.join(parts)})")


arithmetic = st.recursive(numbers, joined, max_leaves=6)
truths = st.tuples(arithmetic, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), arithmetic).map(
    " ".join
) | (
    st.tuples(strings, st.sampled_from(["=", "!="]), strings).map(" ".join)
    | st.tuples(st.sampled_from(["contains", "starts-with"]), strings, strings).map(
        lambda p: f"{p[0]}({p[1]}, {p[2]})"
    )
)
logic = st.tuples(truths, st.sampled_from(["and", "or"]), truths).map(" ".join) | truths.map(
    lambda one: f"not({one})"
)
words = st.one_of(
    st.tuples(strings, strings).map(lambda p: f"concat({p[0]}, {p[1]})"),
    st.tuples(strings, strings).map(lambda p: f"substring-before({p[0]}, {p[1]})"),
    st.tuples(strings, strings, strings).map(lambda p: f"translate({', '.join(p)})"),
    st.tuples(strings, st.integers(1, 4), st.integers(0, 4)).map(
        lambda p: f"substring({p[0]}, {p[1]}, {p[2]})"
    ),
    strings.map(lambda one: f"normalize-space({one})"),
    strings.map(lambda one: f"string-length({one})"),
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(arithmetic, truths, logic, words))
def test_where_xforms_adds_nothing_it_is_xpath(expression: str) -> None:
    """Beside elementpath's own operators and functions, which know nothing of ours."""
    root = ET.Element("data")
    theirs = XPath1Parser().parse(expression).evaluate(XPathContext(root))
    ours = Instance(["/data/x"], TODAY, lambda name, _: name, {}).evaluate(expression, "/data/x")
    assert text(ours) == text(theirs if isinstance(theirs, bool | str) else float(theirs))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_dates_count_as_the_calendar_does(one: date, other: date) -> None:
    instance = Instance(["/data/a", "/data/b"], one, lambda name, _: name, {})
    instance["/data/a"], instance["/data/b"] = one.isoformat(), other.isoformat()
    assert instance.evaluate("/data/a - /data/b", "/data/a") == (one - other).days
    assert instance.evaluate("/data/a < /data/b", "/data/a") is (one < other)
    assert instance.evaluate("/data/a = today()", "/data/a") is True
    assert instance.evaluate("date(/data/b + 1)", "/data/a") == (other + timedelta(days=1)).isoformat()
    assert instance.evaluate("decimal-date-time(/data/a)", "/data/a") == (one - EPOCH).days
