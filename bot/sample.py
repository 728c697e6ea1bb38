"""The sample county: real areas of 富平县, an invented roster."""

import csv
import io

from bot.county import data_file
from domain.directory import Area, Level, RoleName
from services.desk import Desk
from storage.directory import areas, assignments, people


def import_sample(desk: Desk) -> None:
    rows = csv.DictReader(io.StringIO(data_file("areas_fuping.csv").decode()))
    listed = [Area(r["code"], r["parent"] or None, Level(r["level"]), r["name"]) for r in rows]
    areas.add(desk.tx, listed)
    staff = people.add(desk.tx, desk.now, name="样例工作人员", phone="00000000001")
    people.add_role(desk.tx, staff, RoleName.STAFF, "610528", desk.now)
    for area in listed:
        if area.level is Level.VILLAGE:
            cadre = people.add(desk.tx, desk.now, name="样例网格员", phone="00000000002")
            people.add_role(desk.tx, cadre, RoleName.CADRE, area.code, desk.now)
            assignments.assign(desk.tx, area.code, cadre, "primary", desk.now)
