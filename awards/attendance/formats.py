"""The file types of an attendance sheet: those of the reader that the register shares, and what is entered here."""

from accounts.sheets.formats import read_workbook
from accounts.sheets.workbook import Cell, Limits, Place, Refusal, Workbook, Worksheet

PASTED, TICKED = "pasted", "ticked"
"""Stand where a file has its format: a list pasted, a class list ticked, on the page of the activity itself."""
ENTERED = (PASTED, TICKED)

__all__ = [
    "ENTERED",
    "PASTED",
    "TICKED",
    "Cell",
    "Limits",
    "Place",
    "Refusal",
    "Workbook",
    "Worksheet",
    "read_workbook",
]
