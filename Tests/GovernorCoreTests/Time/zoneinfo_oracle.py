"""Answers what the wall clock shows, from Python's zoneinfo.

Reads queries from the file named: `zone NAME`, or `file HEX` for a compiled zone, and then lines with an instant in
milliseconds since 1970. Prints for each instant the offset in seconds and the local year, month, day, hour, minute,
second and millisecond.
"""

import datetime
import io
import sys
import zoneinfo

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def main():
    zone = None
    out = []
    with open(sys.argv[1], encoding="ascii") as queries:
        for line in queries:
            word, _, rest = line.strip().partition(" ")
            if word == "zone":
                zone = zoneinfo.ZoneInfo(rest)
            elif word == "file":
                zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(bytes.fromhex(rest)))
            else:
                local = (EPOCH + datetime.timedelta(milliseconds=int(word))).astimezone(zone)
                offset = local.utcoffset()
                fields = (offset.days * 86400 + offset.seconds, local.year, local.month, local.day, local.hour,
                          local.minute, local.second, local.microsecond // 1000)
                out.append(" ".join(map(str, fields)))
    print("\n".join(out))


main()
