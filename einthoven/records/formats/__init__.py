"""The file formats of signals: name -> module:function, loaded on first use.

A format is a function `read(path, rate_hz, unit) -> Ecg`; see docs/add-a-format.md.
"""

FORMATS: dict[str, str] = {
    "wfdb": "einthoven.records.formats.wfdb:read",
}

# suffix (lower case) -> format; "" is the stem of a WFDB record
SUFFIXES: dict[str, str] = {"": "wfdb", ".hea": "wfdb", ".dat": "wfdb"}
