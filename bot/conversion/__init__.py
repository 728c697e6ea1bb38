"""Files out of the form in which one messenger gives them, into the form in which another takes them."""

from bot.conversion.contract import XLSX, ZIP, Accepted, ConversionError, File
from bot.conversion.conversion import as_accepted, bare, storable
from bot.conversion.stripping import stripped

__all__ = [
    "XLSX",
    "ZIP",
    "Accepted",
    "ConversionError",
    "File",
    "as_accepted",
    "bare",
    "storable",
    "stripped",
]
