# ruff: noqa: RUF001 - letters of many languages look alike
"""Texts from before Unicode, short ones above all, and files that were put together from several."""

import pytest

from aishare.previews.answers import Unreadable
from aishare.previews.delimited import read_delimited
from aishare.previews.encodings import detect
from aishare.previews.text import read_text
from tests.previews.held import Held

WESTERN = (
    *(
        "20 °C ± 0.5\n",
        "3 µm\n",
        "£ 5, ½ cup ©\n",
        "10 m² ± 3 m³\n",
        "kg/m³,°F\n",
        "25 ¢, £5, ¥100\n",
        "§ 5\n",
        "«bonjour»\n",
    ),
    *(
        "El año pasado.\n",
        "São Paulo não\n",
        "Smørrebrød på\n",
        "Tromsø,Bodø\n",
        "à la carte, où\n",
        "naïve\n",
        "¡Hola! ¿Qué?\n",
    ),
    *(
        "Åsa,Malmö\n",
        "Größe;Maß\n",
        "Tür;3,50 €\n",
        "José,Bogotá\nRené,Genève\n",
        "œuvre d’art\n",
        "“quote” – it’s…\n",
        "Perché è così\n",
    ),
    *(
        "Það er á Íslandi\n",
        "Þingvellir,Ísland\n",
        "x (µm)\n1\n",
        "µ\n",
        "°\n",
        "temp (°C),err (±)\n0.5,0.1\n",
        "CÔTE D’IVOIRE\n",
    ),
    *(
        "Põhja-Eesti õpilased, Võru, Jõgeva\n",
        "põe, ações, corações, opções\n",
        "août, sûr, coûte, dû\n",
        "õpõ, août, à\n",
        "Tõnu,Kõiv\n",
        "û, õ\n",
    ),
    *("1º 2ª n°\n", "¬a ¦ b\n", "100 ‰ • × ÷\n", "coração, ação\n", "ÄÖÜ\n"),
)


@pytest.mark.parametrize("text", WESTERN)
def test_short_western_texts_are_western(text):
    found = read_text(Held(text.encode("cp1252")), "a.txt")
    assert (found.text, found.encoding) == (text, "cp1252")


OTHERS = (
    ("cp1253", "Η Ελλάδα είναι χώρα.\n"),
    ("cp1253", "πόλη,χώρα\nΑθήνα,Ελλάδα\n"),
    ("cp1254", "Türkiye'nin başkenti Ankara'dır, İstanbul değil.\n"),
    ("cp1254", "şehir,nüfus\nİstanbul,15\nIğdır,2\n"),
    ("cp1251", "город,страна\nМосква,Россия\n"),
    ("koi8_r", "Это описание набора данных.\n"),
    ("cp1250", "Zażółć gęślą jaźń\n"),
    ("cp1250", "Škoda,město\nŽižkov,Přerov\n"),
    ("cp1250", "miasto,kraj\nŁódź,Polska\n"),
    ("cp1250", "szőlő fűtés\n"),
    ("cp1250", "név;cím\nErdős;Győr\nSZŰCS;Gyöngyös\nKovács;Pécs\n"),
    ("iso8859_2", "Zażółć gęślą jaźń\n"),
    ("cp932", "データセット\n"),
    ("cp932", "東京,大阪\n"),
    ("euc_jp", "これは短い日本語の文章です。\n"),
    ("gb18030", "城市,国家\n北京,中国\n"),
    ("big5", "這是一個資料集的說明。\n"),
    ("euc_kr", "서울,한국\n"),
    ("cp1255", "שלום עולם\n"),
    ("cp1256", "مرحبا بالعالم\n"),
    ("cp874", "สวัสดีครับ\n"),
    ("utf-16-le", "Привет, мир\nда\n"),
    ("utf-16-be", "这是 中文\n"),
    ("utf-16", "это\n"),
    ("utf-8", "naïve ±\n"),
)


@pytest.mark.parametrize(("encoding", "text"), OTHERS)
def test_other_encodings_stay_recognised(encoding, text):
    assert read_text(Held(text.encode(encoding)), "a.txt").text == text


def test_only_the_later_part_of_a_table_is_not_utf8():
    plain = b"id,name\n" + b"1,abc\n" * 30_000
    for encoding, name in (("cp1252", "Müller"), ("cp1251", "Москва столица"), ("utf-8", "Müller")):
        content = plain + f"9,{name}\n".encode(encoding)
        pages = [read_delimited(Held(content), page, tabs=False) for page in (1, 301)]
        assert pages[1].rows == [["9", name]]
        assert {page.encoding for page in pages} == {encoding}
        assert {page.row_count for page in pages} == {30_001}


def test_only_the_later_part_of_a_text_is_not_utf8():
    content = b"plain words\n" * 10_000 + "Müller, 20 °C\n".encode("cp1252")
    found = read_text(Held(content), "a.txt")
    assert found.text.endswith("Müller, 20 °C\n")
    assert found.encoding == "cp1252"


def test_each_line_of_a_file_from_several_is_right():
    lines = ["Größe,1\n".encode(), "Länge,2\n".encode("cp1252"), "Höhe,3\n".encode(), b"Tiefe,4\n"]
    for content in (b"".join(lines), b"".join(reversed(lines)), b"".join(lines * 9)):
        text = read_text(Held(content), "a.csv").text
        assert {"Größe,1", "Länge,2", "Höhe,3", "Tiefe,4"} == set(text.split())
    cells = {row[0] for row in read_delimited(Held(b"name,n\n" + b"".join(lines)), 1, tabs=False).rows}
    assert cells == {"Größe", "Länge", "Höhe", "Tiefe"}


def test_a_character_that_is_cut_off_spoils_nothing():
    content = "ä".encode() * 200_000
    found = read_text(Held(b"a" + content), "a.txt")
    assert (set(found.text), found.encoding, found.truncated) == ({"a", "ä"}, "utf-8", True)


@pytest.mark.parametrize(
    "text", ["Un petit café", "voilà", "é", "a\né", "id;name\n1;Peter\n2;André", "stad\nMalmö\nUmeå", "Ã", "½", "più"]
)
def test_the_last_byte_of_a_file_may_be_its_only_letter(text):
    content = text.encode("cp1252")
    found = read_text(Held(content), "a.txt")
    assert (found.text, found.encoding) == (text, "cp1252")
    shown = read_delimited(Held(content), 1, tabs=False)
    cells = {column.name for column in shown.columns} | {cell for row in shown.rows for cell in row}
    assert set(text.replace(";", "\n").split("\n")) <= cells
    assert shown.encoding == "cp1252"


def test_the_sample_of_a_longer_text_may_end_within_a_character():
    for start in (b"", b"a", b"aa"):
        content = start + b"a" * (65_536 - 3) + "你,好\n".encode() + "再,见\n".encode() * 9
        assert detect(content[:65_536], cut=True) == ("utf-8", 0)
        found = read_delimited(Held(content), 1, tabs=False)
        assert (found.encoding, found.rows[-1]) == ("utf-8", ["再", "见"])


def test_a_zero_in_a_text_of_single_bytes_does_not_make_it_utf16():
    for content in (b"a,b\n1,\0\n2,y\n", b"a,b\n11,\0\n2,y\n", b"name,n\nMalm\xf6,\0\n" + b"Umea,2\n" * 9):
        assert detect(content)[0] in {"utf-8", "cp1252"}
        assert len(read_delimited(Held(content), 1, tabs=False).columns) == 2
    for text in ("ひらがなばかりのぶんしょうです。\n" * 9, "中文和数字 1\n", "да\nнет, и снова да\n", "a,b\n1,2\n"):
        assert detect(text.encode("utf-16-le"))[0] == "utf-16-le"
        assert detect(text.encode("utf-16-be"))[0] == "utf-16-be"


def test_numbers_in_two_bytes_are_no_text():
    for content in (b"".join(n.to_bytes(2, "little") for n in range(900)), bytes(100), b"\x05\x00\x06\x00" * 99):
        with pytest.raises(Unreadable):
            detect(content)
