"""The settings of the measured server: the portal's, with the floors beside its pages and statements counted."""

from badges_portal.settings import *  # noqa: F403

ROOT_URLCONF = "badges_portal.bench.urls"
MIDDLEWARE = ["badges_portal.bench.floors.count_statements", *MIDDLEWARE]  # noqa: F405
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
UPLOAD_DIR = VAR_DIR / "bench"  # noqa: F405
