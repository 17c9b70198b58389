"""The file types of an attendance sheet: those of the guarded reader, which the student register shares."""

from accounts.sheets.formats import read_workbook
from accounts.sheets.workbook import Cell, Limits, Place, Refusal, Workbook, Worksheet

__all__ = ["Cell", "Limits", "Place", "Refusal", "Workbook", "Worksheet", "read_workbook"]
