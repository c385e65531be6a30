"""Every error that a caller may see, as one small tree.

EcgError                 one line: what is wrong, where, and what would be right; the command line exits with 2
├── InputError           a file, record or picture that cannot be read as an ECG
│   ├── FormatError      the bytes are not what their name or header says
│   ├── UnitError        rate, unit or gain is absent or impossible
│   └── LeadError        leads are absent, doubled or not as many as stated
├── QuestionError        an empty question, an unknown or doubled option
├── JobError             a batch list that cannot be worked on as a whole (doubled ids, unwritable output)
└── ModelError           a model that is absent, damaged or of another shape
"""


class EcgError(Exception):
    """Base of all errors that name what is wrong and what would be right."""


class InputError(EcgError):
    """A file, record or picture that cannot be read as an ECG."""


class FormatError(InputError):
    """The bytes are not what their name or header says."""


class UnitError(InputError):
    """Rate, unit or gain is absent or impossible."""


class LeadError(InputError):
    """Leads are absent, doubled or not as many as stated."""


class QuestionError(EcgError):
    """A question or its options cannot be used."""


class JobError(EcgError):
    """A batch cannot be worked on as a whole."""


class ModelError(EcgError):
    """A model is absent, damaged or of another shape."""
