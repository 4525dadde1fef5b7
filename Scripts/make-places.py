#!/usr/bin/env python3
"""Writes Sources/CPhoneNumber/places.bin: number prefixes and addresses to candidate zones, jurisdictions and line types, and the dialling table that says which spellings are canonical beyond doubt.

Run it from the root of the repository with the versions named in Scripts/places.md:

    python3 -m venv .venv-places
    .venv-places/bin/pip install --target .venv-places/now phonenumbers==9.0.43
    .venv-places/bin/pip install --target .venv-places/then phonenumbers==8.12.57
    python3 Scripts/make-places.py --now .venv-places/now --then .venv-places/then

Sources: libphonenumber's metadata, time-zone map and geocoding descriptions as PyPI's `phonenumbers` carries them; zone.tab,
iso3166.tab and tzdata.zi of the system's tz database; and the tables below, each with the rule it stands for.
"""
import argparse
import importlib
import os
import re
import struct
import sys
import warnings
from collections import Counter, defaultdict

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_constants
    import sre_parse

FORMAT = 1

# --- What no public table says -------------------------------------------------------------------------------------

# US states and their zones. A state with two zones has both, whatever its bigger part keeps.
E, C, M, P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
IN_EAST = "America/Indiana/Indianapolis"
US_STATES = {
    "AL": [C], "AR": [C], "CA": [P], "CO": [M], "CT": [E], "DC": [E], "DE": [E], "GA": [E], "IA": [C], "IL": [C],
    "LA": [C], "MA": [E], "MD": [E], "ME": [E], "MN": [C], "MO": [C], "MS": [C], "MT": [M], "NC": [E], "NH": [E],
    "NJ": [E], "NM": [M], "NY": [E], "OH": [E], "OK": [C], "PA": [E], "RI": [E], "SC": [E], "UT": [M], "VA": [E],
    "VT": [E], "WA": [P], "WI": [C], "WV": [E], "WY": [M], "HI": ["Pacific/Honolulu"],
    "AK": ["America/Anchorage", "America/Juneau", "America/Sitka", "America/Metlakatla", "America/Yakutat",
           "America/Nome", "America/Adak"],
    "AZ": ["America/Phoenix", M],                      # the Navajo Nation keeps summer time
    "FL": [E, C],                                      # west of the Apalachicola
    "ID": ["America/Boise", P],                        # the north
    "IN": [IN_EAST, "America/Indiana/Vincennes", "America/Indiana/Winamac", "America/Indiana/Marengo",
           "America/Indiana/Petersburg", "America/Indiana/Vevay", C, "America/Indiana/Tell_City",
           "America/Indiana/Knox"],                    # the north-west and south-west corners
    "KS": [C, M],                                      # four western counties
    "KY": ["America/Kentucky/Louisville", "America/Kentucky/Monticello", E, C],
    "MI": ["America/Detroit", "America/Menominee"],    # four western counties of the Upper Peninsula
    "NE": [C, M],
    "ND": [C, "America/North_Dakota/Center", "America/North_Dakota/New_Salem", "America/North_Dakota/Beulah", M],
    "NV": [P, M],                                      # West Wendover, Jackpot
    "OR": [P, "America/Boise"],                        # Malheur
    "SD": [C, M],
    "TN": [C, E],
    "TX": [C, M],                                      # El Paso, Hudspeth
}
# Territories with a country code of their own; the Union's law reaches them, so both names are candidates.
US_TERRITORIES = {"PR": "America/Puerto_Rico", "VI": "America/St_Thomas", "GU": "Pacific/Guam",
                  "AS": "Pacific/Pago_Pago", "MP": "Pacific/Saipan"}
CA_PROVINCES = {
    "AB": ["America/Edmonton"],
    "BC": ["America/Vancouver", "America/Dawson_Creek", "America/Fort_Nelson", "America/Creston", "America/Edmonton"],
    "MB": ["America/Winnipeg"], "NB": ["America/Moncton"], "NS": ["America/Halifax", "America/Glace_Bay"],
    "PE": ["America/Halifax"],
    "NL": ["America/St_Johns", "America/Goose_Bay"],   # Labrador
    "NT": ["America/Inuvik", "America/Edmonton"],
    "NU": ["America/Iqaluit", "America/Rankin_Inlet", "America/Resolute", "America/Cambridge_Bay", "America/Atikokan"],
    "ON": ["America/Toronto", "America/Winnipeg", "America/Atikokan"],
    "QC": ["America/Toronto", "America/Halifax", "America/Blanc-Sablon"],
    "SK": ["America/Regina", "America/Swift_Current", "America/Edmonton"],  # Lloydminster
    "YT": ["America/Whitehorse", "America/Dawson"],
}
# Overseas parts of a state that have a country code of their own: both names are candidates.
PART_OF = {"GP": "FR-971", "MQ": "FR-972", "GF": "FR-973", "RE": "FR-974", "PM": "FR-975", "YT": "FR-976",
           "BL": "FR-977", "MF": "FR-978", "AX": "FI-01", "SJ": "NO-21",
           **{code: "US-" + code for code in US_TERRITORIES}}

# Area codes whose own area straddles a zone line (and their overlays): every zone of the place they serve, whatever the
# map's rows say. Overlays were never split in the map.
STRADDLING = {
    "208 986": US_STATES["ID"], "219": [C, IN_EAST], "574": [IN_EAST, C, "America/Indiana/Knox", "America/Indiana/Winamac"],
    "812 930": US_STATES["IN"], "270 364": ["America/Kentucky/Louisville", C],
    "308": US_STATES["NE"], "423": [E, C], "541 458": US_STATES["OR"], "605": US_STATES["SD"],
    "620": US_STATES["KS"], "785": US_STATES["KS"], "701": US_STATES["ND"], "775": US_STATES["NV"],
    "850 448": US_STATES["FL"], "906": US_STATES["MI"], "907": US_STATES["AK"], "928": US_STATES["AZ"],
    "250 236 672 778 604 257": CA_PROVINCES["BC"], "709 879": CA_PROVINCES["NL"],
    "807": CA_PROVINCES["ON"], "867": CA_PROVINCES["YT"] + CA_PROVINCES["NT"] + CA_PROVINCES["NU"],
    "418 581 367": CA_PROVINCES["QC"],
    # Lloydminster keeps the time of Alberta.
    "306 639 474": CA_PROVINCES["SK"],
}
# Wholly in one zone although their state has two; rows of the map that say otherwise are ported numbers,
# or were written before the code was in use (689, Orlando).
ONE_ZONE = {"915": [M], "432": [C], "689": [E]}

# Overlays younger than the metadata, each with the code whose area it shares: it has all that the older one has.
# Source: NANPA, planning letters on area code relief.
NEW_OVERLAYS = {"357": "559", "387": "416", "436": "440", "457": "318", "471": "662", "483": "334", "621": "713",
                "624": "716", "679": "313", "837": "530", "861": "309", "924": "507"}

# How many digits of the national number make an area, where a country keeps several zones and its areas are in one.
AREA_DIGITS = {"7": 3, "52": 3, "55": 2, "61": 1, "62": 3}

# Where also mobile numbers belong to an area.
AREA_MOBILES = {"52", "55"}

PREFIX_DIGITS_MAX = 5  # beyond the calling code

TYPES = {"mobile": 1, "fixed_line": 2, "voip": 4, "toll_free": 5, "premium_rate": 6, "shared_cost": 7,
         "personal_number": 8, "pager": 9, "uan": 10, "voicemail": 11}
FIXED_OR_MOBILE, UNKNOWN = 3, 0

# --- Patterns ------------------------------------------------------------------------------------------------------


class Pattern:
    """What a prefix may still become under a regular expression of digits. Anchors and lookaheads are taken as true, so
    the answer errs on the side of `yes`."""

    cache = {}

    def __new__(cls, text):
        if text not in cls.cache:
            self = super().__new__(cls)
            self.tree = sre_parse.parse(text)
            self.memo = {}
            cls.cache[text] = self
        return cls.cache[text]

    def _step(self, tree, prefix, positions):
        n = len(prefix)
        for op, arg in tree:
            if not positions:
                return positions
            if op is sre_constants.LITERAL:
                positions = {n if i == n else i + 1 for i in positions if i == n or ord(prefix[i]) == arg}
            elif op is sre_constants.ANY:
                positions = {min(i + 1, n) for i in positions}
            elif op is sre_constants.IN:
                positions = {min(i + 1, n) for i in positions if i == n or self._in(arg, prefix[i])}
            elif op is sre_constants.BRANCH:
                positions = set().union(*(self._step(branch, prefix, positions) for branch in arg[1]))
            elif op is sre_constants.SUBPATTERN:
                positions = self._step(arg[3], prefix, positions)
            elif op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
                low, high, sub = arg
                for _ in range(min(int(low), n + 1)):
                    positions = self._step(sub, prefix, positions)
                reached = set(positions)
                for _ in range(min(int(high) - int(low), n + 1)):
                    positions = self._step(sub, prefix, positions)
                    if positions <= reached:
                        break
                    reached |= positions
                positions = reached
            elif op in (sre_constants.AT, sre_constants.ASSERT, sre_constants.ASSERT_NOT):
                pass
            else:
                raise ValueError(f"{op} in a pattern")
        return positions

    @staticmethod
    def _in(items, digit):
        code = ord(digit)
        for op, arg in items:
            if op is sre_constants.LITERAL and arg == code:
                return True
            if op is sre_constants.RANGE and arg[0] <= code <= arg[1]:
                return True
            if op is sre_constants.CATEGORY and arg is sre_constants.CATEGORY_DIGIT:
                return True
        return False

    def may_become(self, prefix):
        """Whether some string that begins with `prefix` matches in full."""
        if prefix not in self.memo:
            self.memo[prefix] = len(prefix) in self._step(self.tree, prefix, {0})
        return self.memo[prefix]

    def may_match_at_start(self, prefix):
        """Whether some string that begins with `prefix` has a match at its start."""
        return bool(self._step(self.tree, prefix, {0}))


def load(path):
    """The `phonenumbers` package at `path`, without leaving it in the way of another version."""
    for name in [name for name in sys.modules if name.split(".")[0] == "phonenumbers"]:
        del sys.modules[name]
    sys.path.insert(0, path)
    try:
        package = importlib.import_module("phonenumbers")
        timezones = importlib.import_module("phonenumbers.tzdata").TIMEZONE_DATA
        descriptions = importlib.import_module("phonenumbers.geodata").GEOCODE_DATA
        # A region's metadata are otherwise imported when first asked for, by then perhaps from the other version.
        package.PhoneMetadata.load_all()
        return package, dict(timezones.items()), dict(descriptions.items())
    finally:
        sys.path.remove(path)


class Metadata:
    def __init__(self, path):
        self.package, self.timezones, self.descriptions = load(path)
        self.version = self.package.__version__
        self.regions = {str(code): list(regions) for code, regions in self.package.COUNTRY_CODE_TO_REGION_CODE.items()}

    def of(self, region, code):
        cls = self.package.PhoneMetadata
        return cls.metadata_for_region_or_calling_code(int(code), region)

    def main(self, code):
        return self.of(self.regions[code][0], code)


# --- The dialling table --------------------------------------------------------------------------------------------


def lengths(metadata):
    mask = 0
    for n in metadata.general_desc.possible_length or ():
        if n > 0:
            mask |= 1 << n
    return mask


def unsafe_pairs(metadata):
    """National numbers by their first two digits that libphonenumber may rewrite when it reads them."""
    parsing = metadata.national_prefix_for_parsing
    result = set()
    for pair in range(100):
        digits = f"{pair:02}"
        # Zeros in front are kept by a count that knows one digit apart from zero.
        if digits == "00" or (parsing and Pattern(parsing).may_match_at_start(digits)):
            result.add(pair)
    return result


def dialling(now, then):
    rows = []
    for code in sorted(set(now.regions) | set(then.regions), key=int):
        both = [m.main(code) for m in (now, then) if code in m.regions]
        fast = lengths(both[0]) & lengths(both[1]) if len(both) == 2 else 0
        possible = 0
        pairs = set()
        for metadata in both:
            possible |= lengths(metadata)
            pairs |= unsafe_pairs(metadata)
        mask = sum(1 << pair for pair in pairs)
        rows.append(struct.pack("<HHII", int(code), 0, fast, possible) + mask.to_bytes(16, "little"))
    return b"".join(rows)


# --- Places --------------------------------------------------------------------------------------------------------


class Zones:
    def __init__(self, directory):
        self.version = open(os.path.join(directory, "tzdata.zi")).readline().split()[-1]
        self.of_country = defaultdict(list)
        for line in open(os.path.join(directory, "zone.tab")):
            if not line.startswith("#"):
                country, _, name = line.split("\t")[:3]
                self.of_country[country].append(name.strip())
        self.countries = [line.split("\t")[0] for line in open(os.path.join(directory, "iso3166.tab"))
                          if not line.startswith("#")]
        self.link = {}
        for line in open(os.path.join(directory, "tzdata.zi")):
            if line.startswith("L "):
                _, target, name = line.split()
                self.link[name] = target
        self.directory = directory

    def target(self, name):
        while name in self.link:
            name = self.link[name]
        return name

    def canonical(self, name, among):
        """`name`, or the zone of `among` that it is another name of; None when it is foreign there."""
        if name in among:
            return name
        same = [other for other in among if self.target(other) == self.target(name)]
        return same[0] if same else None

    def exists(self, name):
        return os.path.isfile(os.path.join(self.directory, name))


class Builder:
    def __init__(self, now, then, zones):
        self.now, self.zones, self.patterns = now, zones, {}
        self.rows = defaultdict(list)  # prefix -> rows that begin with it
        for prefix in now.timezones:
            for n in range(1, len(prefix) + 1):
                self.rows[prefix[:n]].append(prefix)
        self.straddling = {code: found for codes, found in STRADDLING.items() for code in codes.split()}
        self.describe_areas()

    def describe_areas(self):
        names = {name: code for code, name in {
            "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
            "CT": "Connecticut", "DE": "Delaware", "DC": "Washington D.C.", "FL": "Florida", "GA": "Georgia",
            "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
            "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
            "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
            "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
            "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
            "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
            "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington State",
            "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "AB": "Alberta", "BC": "British Columbia",
            "MB": "Manitoba", "NB": "New Brunswick", "NL": "Newfoundland and Labrador", "NS": "Nova Scotia",
            "NT": "Northwest Territories", "NU": "Nunavut", "ON": "Ontario", "PE": "Prince Edward Island",
            "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon"}.items()}
        names.update({"Washington": "WA", "Washington, D.C.": "DC", "Washington D.C": "DC", "Newfoundland": "NL",
                      "Québec": "QC", "Quebec City": "QC", "Yukon Territory": "YT", "British Colombia": "BC"})
        self.area_states = defaultdict(set)
        codes = set(US_STATES) | set(CA_PROVINCES)
        exchanges = defaultdict(Counter)
        for prefix, texts in self.now.descriptions.items():
            text = texts.get("en", "")
            if not prefix.startswith("1") or len(prefix) < 4 or not text:
                continue
            area = prefix[1:4]
            # "Texas", "Toronto, ON", "Nova Scotia/Prince Edward Island".
            found = {names[text]} if text in names else {
                names.get(part.strip(), part.strip()) for part in re.split(r"[/,]", text)} & codes
            if len(prefix) == 4:
                self.area_states[area] |= found
            else:
                exchanges[area].update(found)
        # An area without a description of its own lies where its exchanges do; a stray one is a ported number.
        for area, counts in exchanges.items():
            if not self.area_states[area]:
                total = sum(counts.values())
                self.area_states[area] = {state for state, count in counts.items() if count * 20 >= total}

    # North America

    def regions_at(self, code, national):
        """Regions and line types of the numbers that begin so, by the patterns of each line type."""
        regions, types = [], set()
        for region in self.now.regions[code]:
            kinds = self.kinds(code, region, national)
            if kinds:
                regions.append(region)
                types |= kinds
        return regions, types

    def kinds(self, code, region, national):
        if (code, region) not in self.patterns:
            metadata = self.now.of(region, code)
            patterns = []
            for kind, value in TYPES.items():
                desc = getattr(metadata, kind)
                if desc is not None and desc.national_number_pattern and desc.national_number_pattern != "NA":
                    patterns.append((value, Pattern(desc.national_number_pattern)))
            leading = Pattern(metadata.leading_digits) if metadata.leading_digits else None
            self.patterns[code, region] = leading, patterns
        leading, patterns = self.patterns[code, region]
        if leading is not None and not leading.may_match_at_start(national):
            return set()
        return {value for value, pattern in patterns if pattern.may_become(national)}

    def country_jurisdictions(self, country):
        return [country] + ([PART_OF[country]] if country in PART_OF else [])

    def country_zones(self, country):
        return list(self.zones.of_country.get(country, ()))

    def north_america(self, area):
        regions, types = self.regions_at("1", area)
        both = self.country_zones("US") + self.country_zones("CA")
        is_geographic = bool(types & {1, 2})
        if is_geographic:
            # A company number that looks like an area of another country does not make it one of that country.
            regions = [region for region in regions if self.kinds("1", region, area) & {1, 2}]
            types = set().union(*(self.kinds("1", region, area) for region in regions))
        kind = self.line_type(types)
        if types and not is_geographic:
            # Toll-free, premium and personal numbers belong to no place and are shared by the United States and Canada.
            return both, ["US", "CA"], kind
        if not regions and area in NEW_OVERLAYS:
            return self.north_america(NEW_OVERLAYS[area])
        if not regions:
            return both, ["US", "CA"], UNKNOWN
        states = self.area_states.get(area, set())
        us = {state for state in states if state in US_STATES}
        canadian = {state for state in states if state in CA_PROVINCES}
        allowed, jurisdictions = [], []
        for region in regions:
            if region == "US":
                for state in sorted(us) or US_STATES:
                    allowed += US_STATES[state]
                jurisdictions += ["US-" + state for state in sorted(us)] or ["US"]
            elif region == "CA":
                for province in sorted(canadian) or CA_PROVINCES:
                    allowed += CA_PROVINCES[province]
                jurisdictions += ["CA-" + province for province in sorted(canadian)] or ["CA"]
            else:
                allowed += self.country_zones(region)
                jurisdictions += self.country_jurisdictions(region)
        if area in ONE_ZONE:
            return ONE_ZONE[area], jurisdictions, kind
        if area in self.straddling:
            return self.straddling[area], jurisdictions, kind
        found = []
        for row in self.rows.get("1" + area, ()):
            for zone in self.now.timezones[row]:
                name = self.zones.canonical(zone, allowed) or self.alike(zone, allowed)
                if name:
                    found.append(name)
        return found or allowed, jurisdictions, kind

    def alike(self, zone, allowed):
        """The map stands Indiana and Kentucky under New York and Michigan too; the state's own zone is meant."""
        own = {E: ("America/Detroit", "America/Kentucky/Louisville", IN_EAST), C: ("America/Menominee",),
               "America/Halifax": ("America/Moncton",), M: ("America/Boise",)}
        return next((name for name in own.get(zone, ()) if name in allowed), None)

    # Everywhere else

    def elsewhere(self, code, national, final):
        regions, types = self.regions_at(code, national)
        if not regions:
            regions, types = [r for r in self.now.regions[code]], set()
        countries = [region for region in regions if region != "001"]
        allowed = [zone for country in countries for zone in self.country_zones(country)]
        jurisdictions = [name for country in countries for name in self.country_jurisdictions(country)]
        found = []
        area = national[:AREA_DIGITS.get(code, 0)]
        prefix = code + area
        rows = list(self.rows.get(prefix, ()))
        if prefix not in self.now.timezones:
            # The longest row above the area speaks for what no row inside it names.
            above = [prefix[:n] for n in range(len(prefix) - 1, 0, -1) if prefix[:n] in self.now.timezones]
            rows += above[:1]
        if code in rows or not types & ({1, 2} if code in AREA_MOBILES else {2}):
            # The map puts every Russian mobile number in Moscow and every Australian one in Sydney.
            found = list(allowed)
        for row in rows:
            for zone in self.now.timezones[row]:
                name = self.zones.canonical(zone, allowed)
                if name:
                    found.append(name)
        return found or allowed, jurisdictions or ["unknown"], self.line_type(types)

    @staticmethod
    def line_type(types):
        if len(types) > 1:
            types = types - {TYPES["voicemail"]}  # the mailbox of some other line
        if types == {1, 2}:
            return FIXED_OR_MOBILE
        return next(iter(types)) if len(types) == 1 else UNKNOWN

    def node(self, code, national):
        """A leaf (zones, jurisdictions, line type), or ten children."""
        depth = len(national)
        if code == "1":
            if depth == 3:
                return self.leaf(*self.north_america(national))
        elif depth >= AREA_DIGITS.get(code, 0):
            regions, types = self.regions_at(code, national)
            if depth == PREFIX_DIGITS_MAX or (len(regions) <= 1 and len(types) <= 1 and not (
                    depth == 0 and types)) or (not regions):
                return self.leaf(*self.elsewhere(code, national, True))
        children = [self.node(code, national + str(digit)) for digit in range(10)]
        if all(child == children[0] and isinstance(child, tuple) for child in children):
            return children[0]
        return children

    @staticmethod
    def leaf(zones, jurisdictions, kind):
        return (tuple(dict.fromkeys(zones)), tuple(dict.fromkeys(jurisdictions)), kind)


def jurisdiction_bits(name):
    if name == "unknown":
        return 0
    country, _, region = name.partition("-")
    return (ord(country[0]) << 8 | ord(country[1])) << 32 | int.from_bytes(region.encode(), "big")


class Interned:
    def __init__(self):
        self.index = {}

    def __call__(self, value):
        return self.index.setdefault(value, len(self.index))

    def values(self):
        return list(self.index)


def build(now, then, zones):
    builder = Builder(now, then, zones)
    zone_names, jurisdictions, zone_sets, jurisdiction_sets, entries = (Interned() for _ in range(5))

    def entry(leaf):
        found, places, kind = leaf
        zone_set = zone_sets(tuple(sorted(zone_names(name) for name in found)))
        place_set = jurisdiction_sets(tuple(sorted(jurisdictions(jurisdiction_bits(name)) for name in places)))
        return entries((zone_set, place_set, kind))

    nothing = entry(((), ("unknown",), UNKNOWN))
    assert nothing == 0

    # The trie over the digits of the number, calling code first: ten cells a node, the high bit marks a leaf.
    nodes = [[0x8000] * 10]

    def place(cell_node, digit, tree):
        if isinstance(tree, tuple):
            nodes[cell_node][digit] = 0x8000 | entry(tree)
        else:
            index = len(nodes)
            nodes.append([0x8000] * 10)
            nodes[cell_node][digit] = index
            for i, child in enumerate(tree):
                place(index, i, child)

    for code in sorted(now.regions):
        at = 0
        for digit in code[:-1]:
            if nodes[at][int(digit)] == 0x8000:
                nodes[at][int(digit)] = len(nodes)
                nodes.append([0x8000] * 10)
            at = nodes[at][int(digit)]
        place(at, int(code[-1]), builder.node(code, ""))

    addresses = {}
    for country in zones.countries:
        found = builder.country_zones(country)
        addresses[country] = (found, builder.country_jurisdictions(country))
    for state, found in US_STATES.items():
        addresses["US-" + state] = (found, ["US-" + state])
    for state, zone in US_TERRITORIES.items():
        addresses["US-" + state] = ([zone], [state, "US-" + state])
    for province, found in CA_PROVINCES.items():
        addresses["CA-" + province] = (found, ["CA-" + province])
    for country, part in PART_OF.items():
        addresses.setdefault(part, (builder.country_zones(country), [country, part]))
    address_rows = b"".join(
        struct.pack("<QII", jurisdiction_bits(name), entry(Builder.leaf(*addresses[name], UNKNOWN)), 0)
        for name in sorted(addresses, key=jurisdiction_bits))

    for name in zone_names.values():
        if not zones.exists(name):
            raise SystemExit(f"{name} is not in the tz database")
    assert len(nodes) < 0x8000 and len(entries.index) < 0x8000, (len(nodes), len(entries.index))

    def sets(interned):
        return b"".join(struct.pack(f"<{len(s) + 1}H", len(s), *s) for s in interned.values())

    version = f"phonenumbers {now.version} (dialling also {then.version}), tz database {zones.version}"
    sections = [
        version.encode(),
        "\n".join(zone_names.values()).encode(),
        b"".join(struct.pack("<Q", bits) for bits in jurisdictions.values()),
        sets(zone_sets), sets(jurisdiction_sets),
        b"".join(struct.pack("<HHH", *e) for e in entries.values()),
        b"".join(struct.pack("<10H", *node) for node in nodes),
        address_rows,
        dialling(now, then),
    ]
    data = b"GVPLACES" + struct.pack("<II", FORMAT, len(sections))
    for section in sections:
        data += struct.pack("<I", len(section)) + section
    print(f"{version}\n{len(zone_names.index)} zones, {len(jurisdictions.index)} jurisdictions, "
          f"{len(zone_sets.index)} zone sets, {len(entries.index)} entries, {len(nodes)} nodes, {len(data)} bytes",
          file=sys.stderr)
    return data, builder


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--now", required=True, help="folder of the current `phonenumbers`")
    parser.add_argument("--then", required=True, help="folder of the `phonenumbers` of Debian's libphonenumber")
    parser.add_argument("--zoneinfo", default="/usr/share/zoneinfo")
    parser.add_argument("--output", default="Sources/CPhoneNumber/places.bin")
    parser.add_argument("--areas", action="store_true", help="print what is known of each North American area code")
    arguments = parser.parse_args()
    now, then = Metadata(arguments.now), Metadata(arguments.then)
    data, builder = build(now, then, Zones(arguments.zoneinfo))
    if arguments.areas:
        for area in range(200, 1000):
            print(area, *Builder.leaf(*builder.north_america(str(area))))
    with open(arguments.output, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
