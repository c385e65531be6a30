"""The file formats of signals: name -> module:function, loaded on first use.

A format is a function `read(path, rate_hz, unit) -> Ecg`; see docs/add-a-format.md.
"""

FORMATS: dict[str, str] = {
    "wfdb": "einthoven.records.formats.wfdb:read",
    "csv": "einthoven.records.formats.csv:read",
    "npy": "einthoven.records.formats.npy:read",
    "mat": "einthoven.records.formats.mat:read",
}

# suffix in lower case -> format; a name without one is the stem of a WFDB record
SUFFIXES: dict[str, str] = {
    ".hea": "wfdb",
    ".dat": "wfdb",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".npy": "npy",
    ".mat": "mat",
}

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".pdf")
