#!/usr/bin/env python3
"""Writes whereabouts.tsv: numbers of every calling code with the country and the zones that phonenumbers gives each.

    python3 -m venv .venv-whereabouts
    .venv-whereabouts/bin/pip install phonenumbers==9.0.43
    .venv-whereabouts/bin/python Tests/GovernorIdentityTests/Whereabouts/make-whereabouts.py [--check]

With --check it writes nothing and fails when the file is not what it would write. Columns: E.164, region, zones. The numbers are
made up: one for every prefix of the zone map, filled up to a possible length, and valid. Source: PyPI's `phonenumbers`.
"""
import sys
from pathlib import Path

import phonenumbers as pn
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA

OUT = Path(__file__).with_name("whereabouts.tsv")
FILLS = ["2345678901", "5550100234", "0123456789", "9876543210", "4000000000", "7111111111"]


def number_with(prefix):
    """A valid number that begins so; None when no filling is valid."""
    for fill in FILLS:
        for length in range(len(prefix) + 3, 14):
            text = (prefix + fill)[:length]
            if len(text) < length:
                break
            number = pn.parse("+" + text)
            # Service numbers that are dialled without an area code are nobody's.
            if pn.is_possible_number_with_reason(number) != pn.ValidationResult.IS_POSSIBLE:
                continue
            if pn.is_valid_number(number) and pn.format_number(number, pn.PhoneNumberFormat.E164) == "+" + text:
                return number
    return None


def rows():
    for prefix in sorted(TIMEZONE_DATA):
        try:
            number = number_with(prefix)
        except pn.NumberParseException:
            continue
        if number is None:
            continue
        zones = sorted(set(timezone.time_zones_for_number(number)) - {"Etc/Unknown"})
        if zones:
            region = pn.region_code_for_number(number) or ""
            yield "\t".join([pn.format_number(number, pn.PhoneNumberFormat.E164), region, ",".join(zones)])


text = "\n".join(dict.fromkeys(rows())) + "\n"
if "--check" in sys.argv[1:]:
    sys.exit(0 if OUT.read_text() == text else f"{OUT.name} is not what phonenumbers {pn.__version__} gives")
OUT.write_text(text)
