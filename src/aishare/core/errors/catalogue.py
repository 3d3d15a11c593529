"""The database is unavailable."""

from aishare.core.errors.root import AishareError


class CatalogueUnavailable(AishareError):
    """The database cannot be reached, or did not confirm a change."""

    code = "catalogue_unavailable"


class CatalogueNotOpened(CatalogueUnavailable):
    """The database cannot be opened: it is missing, damaged, read-only, from a newer version, or access is denied."""

    code = "catalogue_not_opened"
