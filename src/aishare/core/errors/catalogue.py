"""The database does not do its work."""

from aishare.core.errors.root import AishareError


class CatalogueUnavailable(AishareError):
    """The database cannot be reached or did not say whether it committed."""

    code = "catalogue_unavailable"


class CatalogueNotOpened(CatalogueUnavailable):
    """The database cannot be opened: it is too new, read-only, damaged, closed to us, or not there."""

    code = "catalogue_not_opened"
