"""Writes the holiday calendars of the policy packs: dated data, computed once and read by people.

    python3 Scripts/make-calendars.py            rewrites the `calendars:` sections under policies/packs
    python3 Scripts/make-calendars.py --check    exits 1 when one of them is not what this would write
    python3 Scripts/make-calendars.py --verify   compares the national ones with the `holidays` package, if it is there

A section begins with `calendars:` and ends before the next line that is not indented. A calendar lists the dates as they are
observed; where a law moves a holiday, both the day and the day off stand in it, since neither is a day to call on.
"""

import datetime
import pathlib
import sys
import textwrap

YEARS = range(2026, 2031)
PACKS = pathlib.Path(__file__).resolve().parent.parent / "policies" / "packs"
DAY = datetime.timedelta(days=1)
MON, THU = 0, 3


def date(year, month, day):
    return datetime.date(year, month, day)


def easter(year):
    """Easter Sunday of the Gregorian calendar. Source: the algorithm of Meeus, Jones and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth(year, month, weekday, n):
    """The n-th weekday of a month; -1 is the last."""
    if n > 0:
        first = date(year, month, 1)
        return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - DAY
    return last - DAY * ((last.weekday() - weekday) % 7)


def nearest_weekday(day):
    """A Saturday is observed on the Friday before, a Sunday on the Monday after."""
    return {day, day - DAY if day.weekday() == 5 else day + DAY if day.weekday() == 6 else day}


def sunday_to_monday(day):
    return {day, day + DAY if day.weekday() == 6 else day}


def union(*sets):
    return set().union(*sets)


def us_federal(y):
    """Source: 5 U.S.C. 6103."""
    fixed = [date(y, 1, 1), date(y, 6, 19), date(y, 7, 4), date(y, 11, 11), date(y, 12, 25), date(y + 1, 1, 1)]
    moving = {nth(y, 1, MON, 3), nth(y, 2, MON, 3), nth(y, 5, MON, -1), nth(y, 9, MON, 1), nth(y, 10, MON, 2),
              nth(y, 11, THU, 4)}
    # The New Year's Day of the next year may be observed in this one.
    return union(moving, *map(nearest_weekday, fixed))


def us_alabama(y):
    """Source: Ala. Code 1-3-8, with Mardi Gras, which some counties keep."""
    return union(us_federal(y), {nth(y, 4, MON, 4), nth(y, 6, MON, 1), easter(y) - 47 * DAY})


def us_louisiana(y):
    """The federal days with Mardi Gras, Good Friday and All Saints'."""
    return union(us_federal(y), {easter(y) - 47 * DAY, easter(y) - 2 * DAY, date(y, 11, 1)})


def us_rhode_island(y):
    """The federal days with Victory Day."""
    return union(us_federal(y), {nth(y, 8, MON, 2)})


def us_utah(y):
    """The federal days with Pioneer Day."""
    return union(us_federal(y), nearest_weekday(date(y, 7, 24)))


def france(y):
    """Source: Code du travail L. 3133-1."""
    e = easter(y)
    return {date(y, 1, 1), e + DAY, date(y, 5, 1), date(y, 5, 8), e + 39 * DAY, e + 50 * DAY, date(y, 7, 14),
            date(y, 8, 15), date(y, 11, 1), date(y, 11, 11), date(y, 12, 25)}


def spain(y):
    """The days that are holidays in the whole country; communities and towns keep more."""
    return union({easter(y) - 2 * DAY},
                 *[sunday_to_monday(date(y, month, day)) for month, day in
                   [(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)]])


def italy(y):
    """Legge 260/1949, with 4 October from 2026."""
    e = easter(y)
    return {date(y, 1, 1), date(y, 1, 6), e, e + DAY, date(y, 4, 25), date(y, 5, 1), date(y, 6, 2), date(y, 8, 15),
            date(y, 10, 4), date(y, 11, 1), date(y, 12, 8), date(y, 12, 25), date(y, 12, 26)}


def australia(y):
    """The holidays of all states, with the Monday that follows a weekend."""
    e = easter(y)
    days = {e - 2 * DAY, e + DAY, date(y, 4, 25)}
    for month, day in [(1, 1), (1, 26)]:
        first = date(y, month, day)
        days |= {first, first + DAY * (7 - first.weekday()) if first.weekday() > 4 else first}
    christmas = date(y, 12, 25)
    days |= {christmas, christmas + DAY}
    # When one of the two falls on a weekend, the first weekdays after them are free in their place.
    free = christmas + 2 * DAY
    for day in (christmas, christmas + DAY):
        if day.weekday() > 4:
            while free.weekday() > 4:
                free += DAY
            days.add(free)
            free += DAY
    return days


def south_africa(y):
    """Source: Public Holidays Act 36 of 1994: a Sunday moves to Monday."""
    e = easter(y)
    # Declared for the elections of local government.
    declared = {date(2026, 11, 4)} if y == 2026 else set()
    return union(declared, {e - 2 * DAY, e + DAY},
                 *[sunday_to_monday(date(y, month, day)) for month, day in
                   [(1, 1), (3, 21), (4, 27), (5, 1), (6, 16), (8, 9), (9, 24), (12, 16), (12, 25), (12, 26)]])


def brazil(y):
    """Leis 662/1949, 6.802/1980 and 14.759/2023, with Good Friday."""
    return {date(y, 1, 1), easter(y) - 2 * DAY, date(y, 4, 21), date(y, 5, 1), date(y, 9, 7), date(y, 10, 12),
            date(y, 11, 2), date(y, 11, 15), date(y, 11, 20), date(y, 12, 25)}


CALENDARS = {
    "us-states": {"us-federal": us_federal, "us-al": us_alabama, "us-la": us_louisiana, "us-ri": us_rhode_island,
                  "us-ut": us_utah},
    "france": {"fr": france},
    "spain": {"es": spain},
    "italy": {"it": italy},
    "australia": {"au": australia},
    "south-africa": {"za": south_africa},
    "brazil": {"br": brazil},
}


def section(calendars):
    lines = ["calendars:                            # written by Scripts/make-calendars.py"]
    for name, holidays in calendars.items():
        lines += [f"  {name}:", f"    valid_through: {YEARS[-1]}-12-31", "    dates: ["]
        days = {day for year in YEARS for day in holidays(year)}
        for year in YEARS:
            row = ", ".join(day.isoformat() for day in sorted(days) if day.year == year)
            lines += ["      " + line for line in textwrap.wrap(row + ",", 112)]
        lines[-1] = lines[-1].removesuffix(",")
        lines += ["    ]"]
    return "\n".join(lines) + "\n"


def replaced(text, name):
    lines = text.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.startswith("calendars:")), None)
    if start is None:
        raise SystemExit(f"make-calendars: {name}.yaml has no line `calendars:` to fill")
    end = next((i for i in range(start + 1, len(lines)) if lines[i].strip() and not lines[i].startswith(" ")),
               len(lines))
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return "".join(lines[:start]) + section(CALENDARS[name]) + "".join(lines[end:])


def verify():
    import holidays

    national = {"us-federal": holidays.US, "fr": holidays.FR, "es": holidays.ES, "it": holidays.IT, "za": holidays.ZA,
                "br": holidays.BR, "au": holidays.AU}
    worst = 0
    for calendars in CALENDARS.values():
        for name, ours in calendars.items():
            if name not in national:
                continue
            mine = {day for year in YEARS for day in ours(year) if day.year in YEARS}
            theirs = national[name](years=list(YEARS))
            for day in sorted(mine ^ set(theirs)):
                worst = 1
                print(name, day, day.strftime("%a"), "only here" if day in mine else f"only there: {theirs[day]}")
    return worst


def main():
    if "--verify" in sys.argv:
        return verify()
    stale = 0
    for name in CALENDARS:
        path = PACKS / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        wanted = replaced(text, name)
        if wanted == text:
            continue
        if "--check" in sys.argv:
            print(f"{path.name}: its calendars are not what Scripts/make-calendars.py writes", file=sys.stderr)
            stale = 1
        else:
            path.write_text(wanted, encoding="utf-8")
    return stale


sys.exit(main())
