"""Bringing the county's areas and people in from a spreadsheet, all or nothing."""

from services.roster.areas import import_areas
from services.roster.people import import_roster
from services.roster.reading import Table, read_table
from services.roster.report import Invited, Problem, Report

__all__ = ["Invited", "Problem", "Report", "Table", "import_areas", "import_roster", "read_table"]
