#!/usr/bin/env python3
"""Writes spellings.tsv: numbers of many countries as people write them, with the form that phonenumbers gives each.

    python3 -m venv .venv-spellings
    .venv-spellings/bin/pip install phonenumbers==9.0.43
    .venv-spellings/bin/python Tests/GovernorIdentityTests/Spellings/make-spellings.py [--check]

With --check it writes nothing and fails when the file is not what it would write. Columns: country that the spelling is
read in (empty: none), spelling, E.164. Source: PyPI's `phonenumbers`, its example numbers and formats.
"""
import sys
from pathlib import Path

import phonenumbers as pn
from phonenumbers import PhoneNumberFormat as F, PhoneNumberType as T

OUT = Path(__file__).with_name("spellings.tsv")
COUNTRIES = (
    "US CA MX BR AR CL CO GB IE FR DE AT CH IT ES PT NL BE LU DK SE NO FI PL CZ HU RO GR TR RU KZ UA IL AE SA EG ZA NG KE "
    "IN PK CN HK TW JP KR SG MY TH ID PH VN AU NZ"
).split()
FULL_WIDTH = str.maketrans("+0123456789-", "＋０１２３４５６７８９－")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def spellings(number, country):
    national = pn.format_number(number, F.NATIONAL)
    international = pn.format_number(number, F.INTERNATIONAL)
    e164 = pn.format_number(number, F.E164)
    yield "", e164
    yield "", international
    yield "", "tel:" + e164
    yield "", pn.format_number(number, F.RFC3966)
    yield "", international.replace(" ", ".")
    yield "", international.replace("-", "\u2011")
    yield "", international.translate(FULL_WIDTH)
    yield "", e164.translate(ARABIC)
    yield "", international + " ext. 12"
    yield "", e164 + ";ext=12"
    yield country, national
    yield country, national.replace(" ", "")
    yield country, national.replace(" ", "-")
    yield country, national.translate(ARABIC)
    yield country, national + " x12"
    yield country, pn.national_significant_number(number)
    for other in ("DE", "US", "AU"):
        if other != country:
            yield other, pn.format_out_of_country_calling_number(number, other)


def rows():
    seen = set()
    for country in COUNTRIES:
        for kind in (T.FIXED_LINE, T.MOBILE):
            number = pn.example_number_for_type(country, kind)
            if number is None:
                continue
            expected = pn.format_number(number, F.E164)
            for region, text in spellings(number, country):
                try:
                    read = pn.parse(text, region or None)
                except pn.NumberParseException:
                    continue
                # What the library itself reads as another number is no spelling of this one.
                read.extension = None
                if pn.format_number(read, F.E164) != expected or (region, text) in seen:
                    continue
                seen.add((region, text))
                yield f"{region}\t{text}\t{expected}"


def main():
    text = "".join(row + "\n" for row in rows())
    if "--check" in sys.argv[1:]:
        if OUT.read_text() != text:
            sys.exit(f"{OUT.name} is not what this script writes; run it without --check")
        return
    OUT.write_text(text)


main()
