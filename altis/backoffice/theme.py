"""How the back-office looks: the blue and the sign of the front page."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

UNFOLD = {
    "SITE_TITLE": "Altis Engine",
    "SITE_HEADER": "Altis Engine",
    "SITE_SUBHEADER": "Back-office, times in UTC",
    "SITE_SYMBOL": "flight_takeoff",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "altis.backoffice.theme.favicon"}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "COLORS": {"primary": "altis.backoffice.theme.primary"},
    "STYLES": ["altis.backoffice.theme.style", "altis.backoffice.theme.dialog_style"],
    "SCRIPTS": [
        "altis.backoffice.theme.script",
        "altis.backoffice.theme.dialog_script",
        "altis.backoffice.theme.names_script",
    ],
    "DASHBOARD_CALLBACK": "altis.backoffice.dashboard.overview",
    "ACCOUNT": {
        "navigation": [
            {"title": "Second factor", "link": reverse_lazy("admin:second_factor")},
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
        ]
    },
    "SIDEBAR": {"navigation": "altis.backoffice.navigation.sections"},
}
_BLUE = {
    "50": "oklch(97% .014 254.604)",
    "100": "oklch(93.2% .032 255.585)",
    "200": "oklch(88.2% .059 254.128)",
    "300": "oklch(80.9% .105 251.813)",
    "400": "oklch(70.7% .165 254.624)",
    "500": "oklch(62.3% .214 259.815)",
    "600": "oklch(54.6% .245 262.881)",
    "700": "oklch(48.8% .243 264.376)",
    "800": "oklch(42.4% .199 265.638)",
    "900": "oklch(37.9% .146 265.522)",
    "950": "oklch(28.2% .091 267.935)",
}


def primary(_request: HttpRequest | None = None) -> dict[str, str]:
    """Shades of the main colour by weight."""
    return dict(_BLUE)


def favicon(_request: HttpRequest | None = None) -> str:
    """The address of the sign in the browser's tab."""
    return static("shop/favicon.svg")


def style(_request: HttpRequest | None = None) -> str:
    """The address of the colours as a style sheet."""
    return static("backoffice/theme.css")


def script(_request: HttpRequest | None = None) -> str:
    """The address of what the theme's scripts must be told."""
    return static("backoffice/theme.js")


def dialog_style(_request: HttpRequest | None = None) -> str:
    """The address of how dialogs look."""
    return static("backoffice/dialogs.css")


def dialog_script(_request: HttpRequest | None = None) -> str:
    """The address of what makes dialogs usable by keyboard."""
    return static("backoffice/dialogs.js")


def names_script(_request: HttpRequest | None = None) -> str:
    """The address of what names controls for screen readers."""
    return static("backoffice/names.js")
