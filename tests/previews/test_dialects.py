"""Tables as people and programs write them: quotes, delimiters, headers, line ends, comments."""

import pytest

from aishare.previews.delimited import read_csv, read_tsv
from tests.previews.held import Held


def table(text, *, tabs=False):
    content = text if isinstance(text, bytes) else text.encode()
    found = (read_tsv if tabs else read_csv)(Held(content), 1)
    assert found.row_count == len(found.rows)
    return [column.name for column in found.columns], found.rows


def test_a_quote_that_never_closes_is_a_letter():
    names = ["id", "text", "n"]
    rows = [
        ["1", "first", "0"],
        ["2", '"Hello there', "1"],
        ["3", "third", "0"],
        ["4", '"again', "1"],
        ["5", '5" pipe', "2"],
    ]
    for delimiter in "\t,;|":
        text = "".join(delimiter.join(row) + "\n" for row in [names, *rows])
        assert table(text, tabs=delimiter == "\t") == (names, rows)
        assert table(text) == (names, rows)


def test_cells_still_hold_delimiters_and_lines():
    for delimiter in "\t,;":
        for end in ("\n", "\r\n", "\r"):
            rows = ["id", "text"], ["1", f'"a{delimiter}b"'], ["2", f'"x{end}y""z"'], ["3", '"q"']
            text = end.join(delimiter.join(row) for row in rows)
            wanted = [["1", f"a{delimiter}b"], ["2", f'x{end}y"z'], ["3", "q"]]
            assert table(text, tabs=delimiter == "\t") == (["id", "text"], wanted)


def test_backslashes_before_quotes():
    text = 'id,text\n1,"He said \\"hi\\", twice"\n2,"b"\n3,C:\\dir\n'
    assert table(text)[1] == [["1", 'He said "hi", twice'], ["2", "b"], ["3", "C:\\dir"]]
    assert table('id,path\n1,"C:\\dir\\"\n2,"D:\\"\n')[1] == [["1", "C:\\dir\\"], ["2", "D:\\"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("country,2019,2020\nFrance,1.5,2.5\n", ["country", "2019", "2020"]),
        ("country;2019;2020\nF;1,5;2,5\n", ["country", "2019", "2020"]),
        ("2019,2020\n1.5,2.5\n", ["2019", "2020"]),
        (",0,1,2\n0,0.5,0.2,0.1\n", ["column 1", "0", "1", "2"]),
        ("label,1,2,3\n7,0,255,12\n", ["label", "1", "2", "3"]),
        ("id,3\n1,4\n2,5\n", ["id", "3"]),
        ("France,2019,1.5\nSpain,2020,2.5\n", ["column 1", "column 2", "column 3"]),
        ("France,2019\nSpain,2020\n", ["column 1", "column 2"]),
        ("1,2,3\n4,5,6\n", ["column 1", "column 2", "column 3"]),
        ("2019,2020\n2021,2022\n", ["column 1", "column 2"]),
        ("a,1,2\nb,3,4\n", ["column 1", "column 2", "column 3"]),
        ("a,1,2\nb,3,4\nc,5,6\n", ["column 1", "column 2", "column 3"]),
        ("born,1900,1980\nb,1910,1990\nc,1920,2001\n", ["column 1", "column 2", "column 3"]),
        ("country,2019,2020\nFrance,12,13\nSpain,40,55\n", ["country", "2019", "2020"]),
        ("country,2019,2020\nFrance,12,13\nSpain,40,41\nItaly,7,8\n", ["country", "2019", "2020"]),
        ("country,2019,2020\nFrance,1900,1901\nSpain,40,55\n", ["country", "2019", "2020"]),
        ("country,2019,2020\nFrance,12,13\n", ["country", "2019", "2020"]),
        ("week,1,2,3\nB,5,6,7\n", ["week", "1", "2", "3"]),
        ("week,1,2,3\nA,9,4,4\nB,5,6,7\n", ["week", "1", "2", "3"]),
    ],
)
def test_numbers_may_name_columns(text, names):
    assert table(text)[0] == names


def test_semicolons_separate_where_commas_are_decimal():
    assert table("Länge, mm;Breite, mm\n1,5;2,5\n4,1;5,1\n") == (
        ["Länge, mm", "Breite, mm"],
        [["1,5", "2,5"], ["4,1", "5,1"]],
    )
    assert table("1,5;2,5;3,5\n4,1;5,1;6,1\n")[1] == [["1,5", "2,5", "3,5"], ["4,1", "5,1", "6,1"]]
    assert table("1,5\t2,5\n4,1\t5,1\n")[1] == [["1,5", "2,5"], ["4,1", "5,1"]]
    assert read_csv(Held(b"a;b\n1,5;2\n"), 1).columns[0].type == "number"


def test_any_line_end_ends_a_line():
    for text in (
        "a,b\r1,2\r3,4\r\n5,6\n",
        "a,b\r\n1,2\n3,4\r5,6",
        "a,b\r1,2\r3,4\r5,6\r",
        "a,b\n\r1,2\r\r\n3,4\n\n5,6\n",
    ):
        assert table(text) == (["a", "b"], [["1", "2"], ["3", "4"], ["5", "6"]])
        assert table(text.encode("utf-16")) == (["a", "b"], [["1", "2"], ["3", "4"], ["5", "6"]])


def test_what_stands_above_the_table():
    body = (["a", "b"], [["1,5", "2"]])
    assert table("sep=;\na;b\n1,5;2\n") == body
    assert table('"sep=;"\r\na;b\r\n1,5;2\r\n') == body
    assert table("# made, by\n#\n# a; machine\na;b\n1,5;2\n") == body
    assert table("\ufeffsep=;\r\na;b\r\n1,5;2\r\n") == body
    assert table("#chrom\tstart\n1\t20\n", tabs=True) == (["chrom", "start"], [["1", "20"]])
    assert table("## first\n# x,y\n1,2\n3,4\n") == (["x", "y"], [["1", "2"], ["3", "4"]])
    assert table("#tag,n\n#b,2\n")[1] == [["#b", "2"]]


def test_one_huge_cell_hides_no_other():
    huge = "z" * 1_500_000
    for cell in (huge, f'"{huge}"', f'"{huge[:700_000]}\n{huge[:700_000]}"'):
        found = read_csv(Held(f"a,b\n1,x\n2,{cell}\n3,y\n".encode()), 1)
        assert [row[0] for row in found.rows] == ["1", "2", "3"]
        assert (found.rows[1][1][:9], found.truncated) == ("z" * 9, True)


def test_thousands_of_open_quotes_take_little():
    lone = b"id,text,n\n" + b'1,"abc,2.5\n' * 100_000
    file = Held(lone)
    found = read_csv(file, 1)
    assert (found.row_count, found.rows[0]) == (100_000, ["1", '"abc', "2.5"])
    assert file.read_bytes < 3 * file.size
