"""The back-office's site."""

from unfold.sites import UnfoldAdminSite


class AltisAdminSite(UnfoldAdminSite):
    """Where airline staff work."""

    site_title = "Altis Engine"
    site_header = "Altis Engine"
    index_title = "Back-office"
